import type { Rule } from "../../rule.ts";
import { federationSiteIsBounded } from "./siteIsBounded.ts";
import { wireGuardRoutesPeers } from "./wireGuardRoutesPeers.ts";

/** Networks between infrastructures of several owners. */
export const interconnectRules: readonly Rule[] = [federationSiteIsBounded, wireGuardRoutesPeers];
