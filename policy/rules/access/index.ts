import type { Rule } from "../../rule.ts";
import { applicationHasPolicy } from "./applicationHasPolicy.ts";
import { hostnameHasAccess } from "./hostnameHasAccess.ts";
import { labelExposureIsWithinLimits } from "./labelExposureIsWithinLimits.ts";
import { noBypassInApplication, noBypassInPolicy } from "./noBypass.ts";
import { noEveryoneInApplication, noEveryoneInGroup, noEveryoneInPolicy } from "./noEveryone.ts";
import { policyNamesSomebody } from "./policyNamesSomebody.ts";
import { serviceTokenExpiresSoon, serviceTokenHasNotExpired } from "./serviceTokenExpiry.ts";
import { serviceTokenHasAnEnd } from "./serviceTokenHasAnEnd.ts";
import { sessionIsShort } from "./sessionIsShort.ts";
import { sshHasShortLivedCertificates } from "./sshHasShortLivedCertificates.ts";

/** Who may enter, and for how long. */
export const accessRules: readonly Rule[] = [
    hostnameHasAccess,
    applicationHasPolicy,
    noEveryoneInPolicy,
    noEveryoneInApplication,
    noEveryoneInGroup,
    noBypassInPolicy,
    noBypassInApplication,
    serviceTokenHasNotExpired,
    serviceTokenExpiresSoon,
    sshHasShortLivedCertificates,
    sessionIsShort,
    labelExposureIsWithinLimits,
    policyNamesSomebody,
    serviceTokenHasAnEnd,
];
