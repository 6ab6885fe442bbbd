import { z } from "zod";
import {
    accountIdProblem,
    durationProblem,
    pathProblem,
    serviceProblem,
    sessionDurationProblem,
    teamProblem,
    zoneIdProblem,
    zoneProblem,
} from "../../components/validation/index.ts";
import { ca } from "./ca.ts";
import { clusterSources } from "./clusterSources.ts";
import { cluster } from "./clusters.ts";
import { deviceProfile } from "./deviceProfiles.ts";
import { stackFederation } from "./federation/schema.ts";
import { audience } from "./identity/audiences.ts";
import { identityKeys } from "./identity/keys.ts";
import { metrics } from "./metrics.ts";
import { privateNetworks } from "./privateNetworks.ts";
import { rotation } from "./rotation.ts";
import { swarm } from "./swarm.ts";
import { tcpKeys } from "./tcp.ts";
import { dockerHostProblem, identifier, text } from "./text.ts";
import { tunnel } from "./tunnel.ts";

const duration = text((value) => durationProblem(value));
const sessionDuration = text(sessionDurationProblem);

const serviceToken = z.strictObject({ duration: duration.optional(), rotation: rotation.optional() });

const app = z.strictObject({
    name: identifier,
    hostname: z.string(),
    path: text(pathProblem).optional(),
    service: text(serviceProblem),
    audience: z
        .array(z.string(), {
            error: "An app needs an audience. Write a list of names declared in sallyport:audiences.",
        })
        .min(
            1,
            "The audience is empty, so nobody could enter. Write at least one name declared in sallyport:audiences.",
        ),
    sessionDuration: sessionDuration.optional(),
    ...tcpKeys,
});

const workload = z.strictObject({
    image: z.string().min(1).optional(),
    replicas: z
        .int()
        .min(1, "Fewer than 1 replica cannot run. Write 1 to 25, or leave the key out for 2.")
        .max(25, "Cloudflare admits at most 25 replicas of a tunnel. Write 1 to 25.")
        .optional(),
});

/** The proxy has a certificate, and so a key. */
const proxy = workload.extend({ rotation: rotation.optional() });

/** The stack file's own keys (`sallyport:*`), without their namespace. */
export const stackFile = z.strictObject({
    accountId: text(accountIdProblem),
    zone: text(zoneProblem),
    zoneId: text(zoneIdProblem).optional().describe("The zone's id; looked up by its name if omitted."),
    team: text(teamProblem),
    audiences: z.record(identifier, audience),
    serviceTokens: z.record(identifier, serviceToken).default({}),
    ...identityKeys,
    apps: z.array(app).default([]),
    swarm,
    privateNetworks,
    deviceProfiles: z.record(identifier, deviceProfile).default({}),
    tunnel,
    /** The schedule of each secret that has none of its own. */
    rotation: rotation.optional(),
    ca,
    clusters: z.array(cluster).default([]),
    federation: stackFederation.optional(),
    clusterSources: clusterSources.default([]),
    connector: workload.prefault({}),
    proxy: proxy.prefault({}),
    metrics,
    dockerHost: text(dockerHostProblem).optional(),
    emulator: z.string().min(1).optional(),
    // The engine rewrites a stack file with every top-level value as text.
    demo: z
        .preprocess((value) => (value === "true" ? true : value === "false" ? false : value), z.boolean())
        .default(false),
});

export type StackFile = z.infer<typeof stackFile>;
export const knownKeys: readonly string[] = Object.keys(stackFile.shape);
