import type { AccessRule, RuleLists } from "../../../accessDirectory.ts";
import { describeRule, doubtAbout, evaluateRule, type RuleContext } from "./rules.ts";
import { all, any, not, Truth } from "./truth.ts";

/** Any rule of `include`, every rule of `require`, no rule of `exclude`. */
export function evaluateLists({ include, require, exclude }: RuleLists, context: RuleContext): Truth {
    const each = (rules: readonly AccessRule[] = []) => rules.map((rule) => evaluateRule(rule, context));
    return all([any(each(include)), ...each(require), not(any(each(exclude)))]);
}

/** Which rule made the three lists come out as they did, in words. */
export function explainLists({ include, require = [], exclude = [] }: RuleLists, context: RuleContext): string {
    const words = (rule: AccessRule) => describeRule(rule, context.directory);
    const first = (rules: readonly AccessRule[], truth: Truth) =>
        rules.find((rule) => evaluateRule(rule, context) === truth);
    const met = first(include, Truth.True);
    const failed = first(require, Truth.False);
    const excluding = first(exclude, Truth.True);
    if (excluding !== undefined) {
        return `exclude ${words(excluding)} matched`;
    }
    if (failed !== undefined) {
        return `require ${words(failed)} did not match`;
    }
    const doubtful = first([...(met === undefined ? include : []), ...require, ...exclude], Truth.Unknown);
    if (doubtful !== undefined) {
        const doubt = doubtAbout(doubtful, context);
        return `${words(doubtful)} cannot be known here${doubt === undefined ? "" : `: ${doubt}`}`;
    }
    return met === undefined ? "no rule of include matched" : `include ${words(met)} matched`;
}
