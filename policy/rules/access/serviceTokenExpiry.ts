import { daysBefore, ended, endingSoon, endingsOf } from "../../endings.ts";
import type { StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";

const CURE =
    "Give it a longer `duration`, or replace it: declare another token, move its consumers over, then remove this one.";

/** A token that has ended lets nobody in: what uses it fails, and the stack says nothing of it. */
export const serviceTokenHasNotExpired: StackRule = {
    name: "service-token-has-not-expired",
    description: "A service token that machines enter with is still good.",
    severity: "high",
    remediationSteps: CURE,
    judgeStack: (resources, _, now) => ended(tokens(resources), now, "Service token", CURE),
};

/** The warning before `service-token-has-not-expired`: a preview is where somebody looks in time. */
export const serviceTokenExpiresSoon: StackRule = {
    name: "service-token-expires-soon",
    description: "A service token has more than a month before it ends.",
    severity: "medium",
    level: "advisory",
    remediationSteps: CURE,
    configSchema: daysBefore("a token"),
    judgeStack: (resources, { days }, now) => endingSoon(tokens(resources), { now, days }, "Service token", CURE),
};

function tokens(resources: readonly StackResource[]) {
    return endingsOf(resources, [Token.accessServiceToken], "expiresAt");
}
