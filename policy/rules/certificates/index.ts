import type { Rule } from "../../rule.ts";
import {
    containerChecksCertificates,
    serviceChecksCertificates,
    serviceConfigChecksCertificates,
    tunnelChecksCertificates,
} from "./checksCertificates.ts";

/** Whether certificates are looked at. */
export const certificatesRules: readonly Rule[] = [
    tunnelChecksCertificates,
    serviceConfigChecksCertificates,
    serviceChecksCertificates,
    containerChecksCertificates,
];
