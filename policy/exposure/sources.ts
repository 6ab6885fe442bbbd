import { isIP } from "node:net";
import type { PolicyConfigSchema } from "@pulumi/policy";
import { contains, PRIVATE_RANGES, type Range, rangeOf } from "../addresses.ts";
import type { RuleConfig } from "../rule.ts";
import { knownItems } from "../values.ts";

/** The setting of rules that judge who is let in. */
export const allowedSourcesSchema: PolicyConfigSchema["properties"] = {
    allowedSources: {
        description:
            "Who may be let in: address ranges, and what stands for some, such as a prefix list's id or a service tag. The private ranges of RFC 1918, RFC 6598 and RFC 4193 if omitted.",
        type: "array",
        items: { type: "string" },
        default: [...PRIVATE_RANGES],
    },
};

/** Addresses from the first to the last, as some firewalls have them. */
export interface Span {
    readonly first: string;
    readonly last: string;
}

/** Tells whether everybody whom a source stands for may come in. */
export type IsAllowed = (source: string | Span) => boolean;

/**
 * Reads who may come in. What cannot be taken for a range of addresses, such as the id of a prefix list whose ranges
 * the pack does not see, is allowed only where the setting names it.
 *
 * @param insiders names that stand for addresses inside, whatever the setting says
 */
export function allowedSources(config: RuleConfig, insiders: readonly string[] = []): IsAllowed {
    const configured = config.allowedSources === undefined ? PRIVATE_RANGES : knownItems(config.allowedSources);
    const allowed = [...configured.filter((source) => typeof source === "string"), ...insiders];
    const names = new Set(allowed.map((source) => source.toLowerCase()));
    const ranges = allowed.map(rangeOf).filter((range) => range !== undefined);
    return (source) => {
        if (typeof source !== "string") return ranges.some((range) => spans(range, source));
        if (names.has(source.trim().toLowerCase())) return true;
        const inner = rangeOf(source.trim());
        return inner !== undefined && ranges.some((range) => contains(range, inner));
    };
}

function spans(range: Range, { first, last }: Span): boolean {
    return [first, last].every((address) => {
        const inner = isIP(address) === 0 ? undefined : rangeOf(address);
        return inner !== undefined && contains(range, inner);
    });
}
