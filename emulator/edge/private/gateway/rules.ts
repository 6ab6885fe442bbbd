import type { GatewayRule } from "../../../privateNetworkDirectory.ts";
import { all, Truth } from "../../access/policy/truth.ts";
import { evaluateText, type Facts, type ListValues } from "./evaluate.ts";

/** What Gateway's rules make of a connection or lookup, and which one decided. */
export interface GatewayVerdict {
    readonly isAllowed: boolean;
    readonly rule: string;
}

/**
 * Asks the rules of one kind in order of precedence; the first that matches decides, and what none matches is let through, as Gateway does
 * (cloudflare-one, "Order of enforcement"). Where it cannot be known whether a rule matches, one that allows does not, and any other one refuses.
 *
 * @param rules in order of precedence.
 */
export function judge(
    kind: "l4" | "dns",
    rules: readonly GatewayRule[],
    facts: Facts,
    lists: ListValues,
): GatewayVerdict {
    for (const rule of rules.filter(({ filters = [] }) => filters.length === 0 || filters.includes(kind))) {
        const truth = matches(rule, facts, lists);
        if (rule.action === "allow" && truth === Truth.True) {
            return { isAllowed: true, rule: `Gateway rule "${rule.name}" (Allow)` };
        }
        if (rule.action !== "allow" && truth !== Truth.False) {
            return { isAllowed: false, rule: refusalBy(rule, truth) };
        }
    }
    return { isAllowed: true, rule: "no Gateway rule is about it" };
}

function matches(rule: GatewayRule, facts: Facts, lists: ListValues): Truth {
    const expressions = [rule.traffic, rule.identity, rule.device_posture].filter((text) => text !== "");
    const isTimed = rule.schedule !== undefined || rule.expiration !== undefined;
    return all([...expressions.map((text) => evaluateText(text, facts, lists)), ...(isTimed ? [Truth.Unknown] : [])]);
}

function refusalBy({ name, action }: GatewayRule, truth: Truth): string {
    const doubt = truth === Truth.Unknown ? ", which may match: not all of it can be known here" : "";
    const what = action === "block" ? "Block" : `${action}, which is not emulated and refuses`;
    return `Gateway rule "${name}" (${what})${doubt}`;
}
