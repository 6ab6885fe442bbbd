import type { Rule } from "../../rule.ts";
import { traefikDashboardIsGuarded } from "./traefikDashboard.ts";
import { traefikExposesWhatAsks } from "./traefikExposure.ts";
import { traefikBelievesKnownProxies } from "./traefikForwardedHeaders.ts";
import { traefikKeyIsSecret } from "./traefikKey.ts";
import { traefikLogIsNotDebug } from "./traefikLog.ts";

/** How Traefik is configured. */
export const proxyRules: readonly Rule[] = [
    traefikDashboardIsGuarded,
    traefikExposesWhatAsks,
    traefikBelievesKnownProxies,
    traefikKeyIsSecret,
    traefikLogIsNotDebug,
];
