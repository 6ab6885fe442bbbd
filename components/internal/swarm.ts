import { Secret } from "@pulumi/docker/secret.js";
import type { ServiceArgs } from "@pulumi/docker/service.js";
import { ServiceConfig } from "@pulumi/docker/serviceConfig.js";
import type { input } from "@pulumi/docker/types/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { MetricsNetwork } from "../observability/metricsNetwork.ts";
import { mapInputs, withLast } from "./problems.ts";

type Attachment = input.ServiceTaskSpecNetworksAdvanced;
type ContainerSpec = input.ServiceTaskSpecContainerSpec;

/** The user that distroless images call "nonroot"; cloudflared's image has it, Traefik's runs under it as well. */
export const NONROOT = "65532";

/** Labels of Docker objects by name. */
export type Labels = Readonly<Record<string, pulumi.Input<string>>>;

/** What distinguishes one of our services from another; everything else is decided here, once. */
export interface SwarmServiceSpec {
    image: pulumi.Input<string>;
    /** Replaces the image's entry point, so that a mirrored or rebuilt image behaves the same. Found on the image's PATH. */
    command: string;
    args: pulumi.Input<string>[];
    env?: Record<string, pulumi.Input<string>>;
    secrets?: SecretFile[];
    configs?: ConfigFile[];
    /** Command that exits 0 while the container is healthy. */
    healthcheck: string[];
    /** Seconds that a stopping container has before it is killed; longer than its own grace period. */
    stopGraceSeconds: number;
    memoryMebibytes: number;
    networkIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Name under which the service answers on each of its networks; its own name is Pulumi's. */
    alias?: string;
    /** Where the service is asked for figures, besides its networks. */
    metricsNetwork?: MetricsNetwork | undefined;
    replicas: number;
    constraints: readonly string[];
    labels: Labels;
    /** How long a deployment waits for every replica to be healthy. */
    convergeTimeout: string;
}

/** A secret as a file in a container. */
export interface SecretFile {
    secret: Secret;
    path: string;
}

/** A config as a file in a container. */
export interface ConfigFile {
    config: ServiceConfig;
    path: string;
}

/**
 * Arguments of a Swarm service that publishes nothing, runs without privileges and is replaced without a gap.
 *
 * - No name: Pulumi's own name lets a replacement (other networks) come up before the old service goes.
 * - `dnsrr`: each task answers by its own address; a virtual IP pins keep-alive connections to one replica
 *   (moby/moby#25343) and needs IPVS in the kernel.
 * - New tasks start before old ones stop, and a failed update goes back by itself.
 * - Durations, restart policy and networks stand in the form in which the provider reads them back, so that a refresh is
 *   empty. The provider has no field for "no new privileges"; without capabilities and with a user other than root there
 *   is none to gain but through set-uid files, which neither image has.
 */
export function swarmService(spec: SwarmServiceSpec): ServiceArgs {
    const update = { parallelism: 1, delay: "0s", monitor: "10s", maxFailureRatio: "0.0", order: "start-first" };
    return {
        labels: labelList(spec.labels),
        mode: { replicated: { replicas: spec.replicas } },
        endpointSpec: { mode: "dnsrr" },
        updateConfig: { ...update, failureAction: "rollback" },
        rollbackConfig: { ...update, failureAction: "pause" },
        ...(spec.convergeTimeout === "0s" ? {} : { convergeConfig: { delay: "500ms", timeout: spec.convergeTimeout } }),
        taskSpec: {
            containerSpec: containerSpec(spec),
            networksAdvanceds: networksOf(spec),
            ...(spec.constraints.length === 0 ? {} : { placement: { constraints: spec.constraints.toSorted() } }),
            resources: { limits: { memoryBytes: spec.memoryMebibytes * 1024 * 1024, nanoCpus: 1_000_000_000 } },
            restartPolicy: { condition: "any", delay: "2s", maxAttempts: 0, window: "0s" },
        },
    };
}

function networksOf({ networkIds, alias, metricsNetwork }: SwarmServiceSpec) {
    const named = alias === undefined ? {} : { aliases: [alias] };
    const networks = mapInputs(networkIds, (id): Attachment => ({ id, ...named }));
    if (metricsNetwork === undefined) return networks;
    return withLast(networks, { id: metricsNetwork.id, aliases: [metricsNetwork.alias] });
}

function containerSpec(spec: SwarmServiceSpec): ContainerSpec {
    return {
        image: spec.image,
        commands: [spec.command],
        args: spec.args,
        ...(spec.env === undefined ? {} : { env: spec.env }),
        user: `${NONROOT}:${NONROOT}`,
        readOnly: true,
        capDrops: ["ALL"],
        secrets: (spec.secrets ?? []).map(({ secret, path }) => ({
            secretId: secret.id,
            secretName: secret.name,
            fileName: path,
            fileUid: NONROOT,
            fileGid: NONROOT,
            fileMode: 0o400,
        })),
        configs: (spec.configs ?? []).map(({ config, path }) => ({
            configId: config.id,
            configName: config.name,
            fileName: path,
            fileUid: NONROOT,
            fileGid: NONROOT,
            fileMode: 0o444,
        })),
        // A minute of failures, not one: the connector's own reconnect backs off for 20 s before it is tried again.
        healthcheck: {
            tests: ["CMD", ...spec.healthcheck],
            interval: "5s",
            timeout: "5s",
            startPeriod: "30s",
            retries: 12,
        },
        stopGracePeriod: `${spec.stopGraceSeconds}s`,
    };
}

/** Labels in the provider's form, sorted, so that their order in the program does not matter. */
export function labelList(labels: Labels): { label: string; value: pulumi.Input<string> }[] {
    return Object.entries(labels)
        .map(([label, value]) => ({ label, value }))
        .toSorted((a, b) => (a.label < b.label ? -1 : 1));
}

/**
 * A Swarm config with `text`. A config cannot change: other text makes another one under another name, the service moves
 * over to it, and the old one goes last. So the name is left to Pulumi.
 */
export function swarmConfig(
    name: string,
    text: pulumi.Input<string>,
    labels: Labels,
    opts: pulumi.CustomResourceOptions,
): ServiceConfig {
    return new ServiceConfig(name, { data: pulumi.output(text).apply(base64), labels: labelList(labels) }, opts);
}

/** A Swarm secret with `text`, which becomes a Pulumi secret on the way. Replaced like {@link swarmConfig}. */
export function swarmSecret(
    name: string,
    text: pulumi.Input<string>,
    labels: Labels,
    opts: pulumi.CustomResourceOptions,
): Secret {
    return new Secret(name, { data: pulumi.secret(text).apply(base64), labels: labelList(labels) }, opts);
}

function base64(text: string): string {
    return Buffer.from(text).toString("base64");
}
