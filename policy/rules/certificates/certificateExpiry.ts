import { daysBefore, ended, endingSoon, endingsOf } from "../../endings.ts";
import type { StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";

const CURE =
    "Run an update: what has `earlyRenewalHours` is made anew in its last days, as MkcertCA and MkcertCertificate are. Give it some where it has none.";

/** A certificate that has ended is refused by whoever looks at it: the service is down for them. */
export const certificateHasNotExpired: StackRule = {
    name: "certificate-has-not-expired",
    description: "A certificate of the stack is still good.",
    severity: "high",
    remediationSteps: CURE,
    judgeStack: (resources, _, now) => ended(certificates(resources), now, "Certificate", CURE),
};

/** The warning before `certificate-has-not-expired`. One that the update makes anew is not named: its new end is not known yet. */
export const certificateExpiresSoon: StackRule = {
    name: "certificate-expires-soon",
    description: "A certificate of the stack has more than a month before it ends.",
    severity: "medium",
    level: "advisory",
    remediationSteps: CURE,
    configSchema: daysBefore("a certificate"),
    judgeStack: (resources, { days }, now) => endingSoon(certificates(resources), { now, days }, "Certificate", CURE),
};

function certificates(resources: readonly StackResource[]) {
    return endingsOf(resources, [Token.selfSignedCertificate, Token.locallySignedCertificate], "validityEndTime");
}
