import * as pulumi from "@pulumi/pulumi";
import type { NamedTunnel } from "../components/index.ts";
import type { Backend } from "./backend.ts";
import { type AppConfig, DEMO_APP, type Environment, type ProcessRuntime } from "./config/environment.ts";

/**
 * No service at all: whoever deploys the stack runs one connector beside its origins, with the credentials that the stack exports as a secret.
 * Without a proxy every origin is asked directly.
 */
export function runAsProcesses(
    { demo, metrics }: Environment,
    { demoService }: ProcessRuntime,
    tunnel: NamedTunnel,
): Backend {
    if (metrics !== undefined) {
        throw new pulumi.RunError(
            "sallyport:metrics asks for a network, but without Docker there is none; remove the key",
        );
    }
    return {
        originOf: ({ name, service }: AppConfig) => (demo && name === DEMO_APP ? demoService : service),
        connect: (configFile) => {
            if (configFile !== undefined) {
                throw new pulumi.RunError(
                    'sallyport:tunnel.management is "local", but without Docker nothing carries the rules to the connector; remove the key',
                );
            }
            return undefined;
        },
        settled: tunnel.credentials,
        outputs: { connectorCredentials: pulumi.secret(tunnel.credentials) },
    };
}
