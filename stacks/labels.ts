/** What labels of Swarm services come to, for commands that look at services before any program runs. */
export { exposureName, type Publisher, publisherOf } from "../components/swarm/exposureName.ts";
export {
    type ExposedRoute,
    exposuresOf,
    type LabelVerdict,
    type RefusedService,
    type SwarmExposure,
} from "../components/swarm/exposures.ts";
export type { LabelledService } from "../components/swarm/labelledService.ts";
export type { LabelRules } from "../components/swarm/labelRules.ts";
export { proxyPeriod } from "../components/swarm/proxyCertificate.ts";
export { durationSeconds } from "../components/validation/index.ts";
export { labelRulesOf, type SwarmConfig } from "./config/swarm.ts";
