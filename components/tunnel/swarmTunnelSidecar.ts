import { Service } from "@pulumi/docker/service.js";
import * as pulumi from "@pulumi/pulumi";
import { type ConfigFile, swarmConfig, swarmSecret, swarmService } from "../internal/swarm.ts";
import type { MetricsNetwork } from "../observability/metricsNetwork.ts";
import {
    connectorEnvironment,
    EDGE_CA_PATH,
    GRACE_SECONDS,
    METRICS_ADDRESS,
    type TunnelEdge,
} from "./connectorEnvironment.ts";
import { CONNECTOR_IMAGE, type ConnectorLogLevel, type TunnelProtocol } from "./connectorSettings.ts";
import { ORIGIN_CA_PATH } from "./ingressRule.ts";
import { checkSidecarArgs } from "./sidecarValidation.ts";

const CREDENTIALS_PATH = "/run/secrets/tunnel-credentials.json";
const CONFIG_PATH = "/etc/cloudflared/config.json";
export interface SwarmTunnelSidecarArgs {
    /** UUID of the tunnel ({@link NamedTunnel}). */
    tunnelId: pulumi.Input<string>;
    /** Text of the tunnel's credentials file; becomes a Docker secret that only the connector reads. */
    credentials: pulumi.Input<string>;
    /** Ingress rules of a locally managed tunnel (`configFile` of a {@link TunnelIngress}). From Cloudflare if omitted. */
    configFile?: pulumi.Input<string>;
    /** Overlay networks of the origins. The connector sees nothing else, so a stolen dashboard cannot point it elsewhere. */
    networkIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Image with `cloudflared` on its PATH, pinned. `cloudflare/cloudflared:2025.2.0` if omitted. */
    image?: pulumi.Input<string>;
    /** Connectors, 1 to 25. 2 if omitted, so that an update leaves no gap. */
    replicas?: number;
    /** Certificate authority of TLS origins, in PEM (`certPem` of a {@link MkcertCA}). System roots alone if omitted. */
    originCaPem?: pulumi.Input<string>;
    /** An edge other than Cloudflare's. Cloudflare's if omitted. */
    edge?: TunnelEdge;
    /** How to reach the edge. `auto` if omitted, and always `http2` with an edge of one's own. */
    protocol?: TunnelProtocol;
    /**
     * Where Prometheus finds the connectors' figures, at port 20241 under `/metrics`, in clear. cloudflared then listens on every address of its container: whoever shares
     * one of its networks, and through `docker_gwbridge` every process of its node, can read the figures, the ingress rules (`/config`) and profiles. Loopback alone if omitted.
     */
    metricsNetwork?: MetricsNetwork;
    /** Labels of the service, secret and configs. None if omitted. */
    labels?: Record<string, pulumi.Input<string>>;
    /** Swarm placement constraints, such as `node.role==worker`. None if omitted. */
    constraints?: string[];
    /** What the connector writes to its log. `info` if omitted; `debug` shows request headers. */
    logLevel?: ConnectorLogLevel;
    /** How long a deployment waits for all connectors to be registered with the edge. `2m` if omitted; `0s` does not wait. */
    convergeTimeout?: string;
}

/**
 * The connectors of a tunnel as a Swarm service beside its origins: it dials out and publishes nothing.
 *
 * A connector runs as an unprivileged user on a read-only root, without capabilities. Its credentials are a file that only
 * it can read, never an argument or a variable. It counts as healthy once it is registered with the edge, so an update
 * replaces the first connector only when its successor serves, and goes back by itself if that never happens.
 *
 * @example
 * const ca = new MkcertCA("ca", {});
 * new SwarmTunnelSidecar("connector", {
 *     tunnelId: tunnel.tunnelId,
 *     credentials: tunnel.credentials,
 *     networkIds: [network.id],
 *     originCaPem: ca.certPem,
 *     labels: { "sallyport.stack": pulumi.getStack() },
 * });
 */
export class SwarmTunnelSidecar extends pulumi.ComponentResource {
    /** Name of the Swarm service, which changes when it is replaced. */
    public readonly serviceName: pulumi.Output<string>;
    /** Id of the Swarm service. */
    public readonly serviceId: pulumi.Output<string>;

    /**
     * @param name Name of the component; Docker objects are named after it, at most 40 characters.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: SwarmTunnelSidecarArgs, opts?: pulumi.ComponentResourceOptions) {
        checkSidecarArgs(name, args);
        const credentials = pulumi.secret(args.credentials);
        // Arguments of a component are kept in the state: the secret enters them as a secret.
        super("sallyport:index:SwarmTunnelSidecar", name, { ...args, credentials }, opts);

        const labels = args.labels ?? {};
        const child = { parent: this };
        const secret = swarmSecret(`${name}-credentials`, credentials, labels, child);
        const configs: ConfigFile[] = [];
        if (args.configFile !== undefined) {
            configs.push({
                config: swarmConfig(`${name}-ingress`, args.configFile, labels, child),
                path: CONFIG_PATH,
            });
        }
        if (args.originCaPem !== undefined) {
            configs.push({
                config: swarmConfig(`${name}-origin-ca`, args.originCaPem, labels, child),
                path: ORIGIN_CA_PATH,
            });
        }
        if (args.edge !== undefined) {
            configs.push({
                config: swarmConfig(`${name}-edge-ca`, args.edge.caPem, labels, child),
                path: EDGE_CA_PATH,
            });
        }

        const service = new Service(
            `${name}-service`,
            swarmService({
                image: args.image ?? CONNECTOR_IMAGE,
                command: "cloudflared",
                args: [
                    "tunnel",
                    ...(args.configFile === undefined ? [] : ["--config", CONFIG_PATH]),
                    "run",
                    "--credentials-file",
                    CREDENTIALS_PATH,
                    args.tunnelId,
                ],
                env: connectorEnvironment({ ...args, servesMetrics: args.metricsNetwork !== undefined }),
                secrets: [{ secret, path: CREDENTIALS_PATH }],
                configs,
                healthcheck: ["cloudflared", "tunnel", "--metrics", METRICS_ADDRESS, "ready"],
                stopGraceSeconds: GRACE_SECONDS + 5,
                memoryMebibytes: 256,
                networkIds: args.networkIds,
                metricsNetwork: args.metricsNetwork,
                replicas: args.replicas ?? 2,
                constraints: args.constraints ?? [],
                labels,
                convergeTimeout: args.convergeTimeout ?? "2m",
            }),
            child,
        );

        this.serviceName = service.name;
        this.serviceId = service.id;
        this.registerOutputs({ serviceName: this.serviceName, serviceId: this.serviceId });
    }
}
