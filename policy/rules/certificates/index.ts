import type { Rule } from "../../rule.ts";
import { authorityIsConstrained } from "./authorityIsConstrained.ts";
import { certificateExpiresSoon, certificateHasNotExpired } from "./certificateExpiry.ts";
import {
    containerChecksCertificates,
    serviceChecksCertificates,
    serviceConfigChecksCertificates,
    tunnelChecksCertificates,
} from "./checksCertificates.ts";

/** Whether certificates are looked at, and worth looking at. */
export const certificatesRules: readonly Rule[] = [
    tunnelChecksCertificates,
    serviceConfigChecksCertificates,
    serviceChecksCertificates,
    containerChecksCertificates,
    certificateHasNotExpired,
    certificateExpiresSoon,
    authorityIsConstrained,
];
