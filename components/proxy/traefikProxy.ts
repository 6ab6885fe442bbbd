import { Service } from "@pulumi/docker/service.js";
import * as pulumi from "@pulumi/pulumi";
import { checkShape } from "../internal/shape.ts";
import { type ConfigFile, type SecretFile, swarmConfig, swarmSecret, swarmService } from "../internal/swarm.ts";
import { checkMetricsNetwork, type MetricsNetwork } from "../observability/metricsNetwork.ts";
import {
    constraintProblem,
    dockerNameProblem,
    durationProblem,
    imageProblem,
    networkIdsProblem,
    replicasProblem,
} from "../validation/index.ts";
import { PROXY_ALIAS, TRAEFIK_IMAGE, withSecretKeys } from "./traefik/defaults.ts";
import { placeProxy } from "./traefik/placement.ts";
import type { ProxyLabelProvider, ProxySettings } from "./traefik/settings.ts";
import { DYNAMIC_PATH, HTTPS_PORT, STATIC_PATH, STOP_GRACE_SECONDS } from "./traefik/staticConfiguration.ts";
import { aliasProblem } from "./traefik/validation/names.ts";
import { checkLabelProvider, checkSettings } from "./traefik/validation/settings.ts";

export interface TraefikProxyArgs extends ProxySettings {
    /** Overlay networks of the connector and of the backends. */
    networkIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Image with `traefik` on its PATH, pinned, v3.6 or later. `traefik:v3.6.15` if omitted. */
    image?: pulumi.Input<string>;
    /** Proxies, 1 to 25. 2 if omitted, so that an update leaves no gap. */
    replicas?: number;
    /** Name under which the proxy answers on its networks. `traefik` if omitted. */
    alias?: string;
    /** Routes from labels of Swarm services, besides `routes`. None if omitted. */
    swarm?: ProxyLabelProvider;
    /** Where Prometheus finds the proxies' `metrics`, which it takes. Only the proxy's own networks if omitted. */
    metricsNetwork?: MetricsNetwork;
    /** Labels of the service, secrets and configs. None if omitted. */
    labels?: Record<string, pulumi.Input<string>>;
    /** Swarm placement constraints, such as `node.role==worker`. None if omitted. */
    constraints?: string[];
    /** How long a deployment waits for all proxies to be healthy. `2m` if omitted; `0s` does not wait. */
    convergeTimeout?: string;
}

/**
 * Traefik as a Swarm service that ends TLS between the connector and the services behind it, and publishes nothing.
 *
 * TLS 1.2 or later with six named suites, no certificate for unknown names, certificates checked towards backends, no
 * anonymous statistics, no trusted header unless you name its sender, an unprivileged user on a read-only root. Its two
 * files are immutable Swarm configs: a change makes new tasks, which start before the old ones stop.
 *
 * @example
 * const ca = new MkcertCA("ca", {});
 * const leaf = new MkcertCertificate("proxy-certificate", {
 *     caCertPem: ca.certPem,
 *     caPrivateKeyPem: ca.privateKeyPem,
 *     dnsNames: ["traefik"],
 * });
 * const proxy = new TraefikProxy("traefik", {
 *     networkIds: [edge.id, backend.id],
 *     certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
 *     routes: [{ name: "grafana", hostname: "grafana.example.com", service: "http://grafana:3000" }],
 * });
 * const route = { hostname: "grafana.example.com", service: proxy.endpoint, audience: app.audience };
 */
export class TraefikProxy extends pulumi.ComponentResource {
    /** Name of the Swarm service, which changes when it is replaced. */
    public readonly serviceName: pulumi.Output<string>;
    /** Id of the Swarm service. */
    public readonly serviceId: pulumi.Output<string>;
    /** Where the proxy answers on its networks: `https://<alias>:8443`, an origin for a {@link TunnelIngress}. */
    public readonly endpoint: pulumi.Output<string>;

    /**
     * @param name Name of the component; Docker objects are named after it, at most 40 characters.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TraefikProxyArgs, opts?: pulumi.ComponentResourceOptions) {
        checkArgs(name, args);
        // Arguments of a component are kept in the state: the keys enter them as secrets.
        const safe = withSecretKeys(args);
        super("sallyport:index:TraefikProxy", name, safe, opts);

        const labels = args.labels ?? {};
        const child = { parent: this };
        const { files, staticText, dynamicText } = placeProxy(["TraefikProxy", name], safe, runtimeOf(args));
        const config = (suffix: string, text: pulumi.Input<string>) =>
            swarmConfig(`${name}-${suffix}`, text, labels, child);
        const configs: ConfigFile[] = [
            { config: config("static", staticText), path: STATIC_PATH },
            { config: config("dynamic", dynamicText), path: DYNAMIC_PATH },
        ];
        const secrets: SecretFile[] = [];
        for (const { name: suffix, path, text, isSecret } of files) {
            if (isSecret) secrets.push({ secret: swarmSecret(`${name}-${suffix}`, text, labels, child), path });
            else configs.push({ config: config(suffix, text), path });
        }

        const alias = args.alias ?? PROXY_ALIAS;
        const service = new Service(
            `${name}-service`,
            swarmService({
                image: args.image ?? TRAEFIK_IMAGE,
                command: "traefik",
                args: [`--configFile=${STATIC_PATH}`],
                secrets,
                configs,
                healthcheck: ["traefik", "healthcheck", `--configFile=${STATIC_PATH}`],
                stopGraceSeconds: STOP_GRACE_SECONDS,
                memoryMebibytes: 256,
                networkIds: args.networkIds,
                metricsNetwork: args.metricsNetwork,
                alias,
                replicas: args.replicas ?? 2,
                constraints: args.constraints ?? [],
                labels,
                convergeTimeout: args.convergeTimeout ?? "2m",
            }),
            child,
        );

        this.serviceName = service.name;
        this.serviceId = service.id;
        this.endpoint = pulumi.output(`https://${alias}:${HTTPS_PORT}`);
        this.registerOutputs({
            serviceName: this.serviceName,
            serviceId: this.serviceId,
            endpoint: this.endpoint,
        });
    }
}

function runtimeOf({ swarm }: TraefikProxyArgs) {
    return swarm === undefined ? {} : { swarm };
}

function checkArgs(name: string, args: TraefikProxyArgs): void {
    const problems = checkShape("TraefikProxy", name, args);
    problems.add("name", dockerNameProblem(name));
    problems.check("networkIds", args.networkIds, networkIdsProblem);
    problems.checkEach("networkIds", args.networkIds);
    checkMetricsNetwork(problems, args.metricsNetwork);
    if (args.metricsNetwork !== undefined && args.metrics === undefined) {
        problems.add("metricsNetwork", 'leads to no figures without "metrics". Write "metrics: {}" as well.');
    }
    for (const [label, value] of Object.entries(args.labels ?? {})) problems.check(`labels.${label}`, value);
    problems.check("image", args.image, imageProblem);
    problems.check("replicas", args.replicas, replicasProblem);
    problems.check("alias", args.alias, aliasProblem);
    problems.checkEach("constraints", args.constraints, constraintProblem);
    problems.check("convergeTimeout", args.convergeTimeout, durationProblem);
    checkLabelProvider(problems, "swarm", args.swarm);
    checkSettings(problems, args, runtimeOf(args));
    problems.throwIfAny("TraefikProxy", name);
}
