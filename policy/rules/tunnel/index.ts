import type { Rule } from "../../rule.ts";
import { ingressDemandsAccessToken } from "./ingressDemandsAccessToken.ts";
import { ingressEndsWithCatchAll } from "./ingressEndsWithCatchAll.ts";
import { ingressFileDemandsAccessToken } from "./ingressFileDemandsAccessToken.ts";
import { ingressLeadsToOneOrigin } from "./ingressLeadsToOneOrigin.ts";
import { tunnelIsManagedInSight } from "./isManagedInSight.ts";

/** What a tunnel lets through. */
export const tunnelRules: readonly Rule[] = [
    ingressDemandsAccessToken,
    ingressEndsWithCatchAll,
    ingressFileDemandsAccessToken,
    ingressLeadsToOneOrigin,
    tunnelIsManagedInSight,
];
