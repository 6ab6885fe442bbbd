import type * as pulumi from "@pulumi/pulumi";
import type { Problems } from "../internal/problems.ts";
import { aliasProblem } from "../proxy/traefik/validation/names.ts";

/** The network on which Prometheus asks services of a Swarm for their figures. */
export interface MetricsNetwork {
    /** Id of an internal overlay network that Prometheus joins, and nobody else but who is asked. */
    id: pulumi.Input<string>;
    /** Name that resolves there to the address of every task that is healthy, for `dns_sd_configs`. */
    alias: string;
}

/** Checks the argument `metricsNetwork` of a component. */
export function checkMetricsNetwork(problems: Problems, network: MetricsNetwork | undefined): void {
    problems.check("metricsNetwork.id", network?.id);
    problems.check("metricsNetwork.alias", network?.alias, aliasProblem);
}
