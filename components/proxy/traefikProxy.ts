import { Service } from "@pulumi/docker/service.js";
import * as pulumi from "@pulumi/pulumi";
import {
    type ConfigFile,
    type Labels,
    type SecretFile,
    swarmConfig,
    swarmSecret,
    swarmService,
} from "../internal/swarm.ts";
import { type CertificateFiles, dynamicConfiguration, type ResolvedRoute } from "./traefik/dynamicConfiguration.ts";
import { ProxyLogLevel } from "./traefik/logLevel.ts";
import {
    DYNAMIC_PATH,
    HTTPS_PORT,
    STATIC_PATH,
    STOP_GRACE_SECONDS,
    staticConfiguration,
} from "./traefik/staticConfiguration.ts";
import { checkProxyArgs } from "./traefik/validation.ts";
import { toYaml } from "./traefik/yaml.ts";

const DEFAULT_IMAGE = "traefik:v3.6.15";

/** A certificate that the proxy presents. */
export interface ProxyCertificate {
    /** Certificate, then its issuers, in PEM (`chainPem` of a {@link MkcertCertificate}). */
    certPem: pulumi.Input<string>;
    /** Its private key, in PEM; becomes a Docker secret that only the proxy reads. */
    keyPem: pulumi.Input<string>;
}

/** A host name and the service behind it. */
export interface ProxyRoute {
    /** Name of the router and the service in Traefik: lower-case letters, digits and hyphens. */
    name: string;
    /** Host name that requests carry; `*` may be the whole first label, for one label. */
    hostname: string;
    /** Path that the route serves, with all below it (`/admin`). Every path that no other route of the host name serves if omitted. */
    path?: string;
    /** Backend: `http://grafana:3000`, `https://vault:8200`, `ws://…` or `wss://…`. */
    service: pulumi.Input<string>;
    /** Name that the backend's certificate must carry, also sent as SNI. The host of `service` if omitted. Only for TLS backends. */
    serverName?: string;
    /** Certificate authority of the backend, in PEM. System roots if omitted. Only for TLS backends. */
    caPem?: pulumi.Input<string>;
}

/** Traefik's dashboard. */
export interface ProxyDashboard {
    /** Host name of its own, which no route has. Put a {@link ZeroTrustApp} before it: the dashboard asks nobody for a name. */
    hostname: string;
}

/** Routes from the labels of Swarm services. */
export interface ProxySwarmProvider {
    /**
     * Address of a Docker socket proxy: `tcp://socket-proxy:2375`. Docker's own socket is refused: mounted read-only it
     * still takes every command, and whoever takes over the proxy would own the cluster.
     */
    endpoint: string;
    /** Overlay network through which backends are reached. Each service's own label if omitted. */
    network?: string;
    /** Expression that a service's labels must meet, such as "Label(`sallyport.stack`,`prod`)". Every service that enables Traefik if omitted. */
    constraints?: string;
}

export interface TraefikProxyArgs {
    /** Overlay networks of the connector and of the backends. */
    networkIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Certificates to present; a request for a name in none of them is refused. At least one. */
    certificates: ProxyCertificate[];
    /** What the proxy serves, in any order. */
    routes: ProxyRoute[];
    /** Image with `traefik` on its PATH, pinned, v3.6 or later. `traefik:v3.6.15` if omitted. */
    image?: pulumi.Input<string>;
    /** Proxies, 1 to 25. 2 if omitted, so that an update leaves no gap. */
    replicas?: number;
    /** Name under which the proxy answers on its networks. `traefik` if omitted. */
    alias?: string;
    /** The dashboard. Off if omitted. */
    dashboard?: ProxyDashboard;
    /** Routes from labels, besides `routes`. None if omitted. */
    swarm?: ProxySwarmProvider;
    /** CIDR ranges whose `X-Forwarded-*` headers are believed, such as the connector's network. None if omitted. */
    trustedProxies?: string[];
    /** Whether requests are logged, without any header. True if omitted. */
    accessLog?: boolean;
    /** What the proxy writes to its log. `INFO` if omitted. */
    logLevel?: ProxyLogLevel;
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
        checkProxyArgs(name, args);
        const certificates = args.certificates.map((pair) => ({ ...pair, keyPem: pulumi.secret(pair.keyPem) }));
        // Arguments of a component are kept in the state: the keys enter them as secrets.
        super("sallyport:index:TraefikProxy", name, { ...args, certificates }, opts);

        const labels = args.labels ?? {};
        const alias = args.alias ?? "traefik";
        const { configs, secrets, files } = certificateObjects(this, name, certificates, labels);
        const { authorities, routes } = backendObjects(this, name, args.routes, labels);
        const config = (suffix: string, text: pulumi.Input<string>) =>
            swarmConfig(`${name}-${suffix}`, text, labels, { parent: this });

        const service = new Service(
            `${name}-service`,
            swarmService({
                image: args.image ?? DEFAULT_IMAGE,
                command: "traefik",
                args: [`--configFile=${STATIC_PATH}`],
                secrets,
                configs: [
                    { config: config("static", staticText(args)), path: STATIC_PATH },
                    { config: config("dynamic", dynamicText(files, routes, args)), path: DYNAMIC_PATH },
                    ...configs,
                    ...authorities,
                ],
                healthcheck: ["traefik", "healthcheck", `--configFile=${STATIC_PATH}`],
                stopGraceSeconds: STOP_GRACE_SECONDS,
                memoryMebibytes: 256,
                networkIds: args.networkIds,
                alias,
                replicas: args.replicas ?? 2,
                constraints: args.constraints ?? [],
                labels,
                convergeTimeout: args.convergeTimeout ?? "2m",
            }),
            { parent: this },
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

function certificateObjects(parent: pulumi.Resource, name: string, pairs: ProxyCertificate[], labels: Labels) {
    const configs: ConfigFile[] = [];
    const secrets: SecretFile[] = [];
    const files: CertificateFiles[] = [];
    for (const [index, { certPem, keyPem }] of pairs.entries()) {
        const certFile = `/etc/traefik/tls/certificate-${index}.pem`;
        const keyFile = `/run/secrets/key-${index}.pem`;
        const config = swarmConfig(`${name}-certificate-${index}`, certPem, labels, { parent });
        const secret = swarmSecret(`${name}-key-${index}`, keyPem, labels, { parent });
        configs.push({ config, path: certFile });
        secrets.push({ secret, path: keyFile });
        files.push({ certFile, keyFile });
    }
    return { configs, secrets, files };
}

function backendObjects(parent: pulumi.Resource, name: string, routes: ProxyRoute[], labels: Labels) {
    const authorities: ConfigFile[] = [];
    const resolved = routes.map(({ caPem, ...route }) => {
        if (caPem === undefined) return route;
        const caFile = `/etc/traefik/tls/backend-${route.name}-ca.pem`;
        const config = swarmConfig(`${name}-ca-${route.name}`, caPem, labels, { parent });
        authorities.push({ config, path: caFile });
        return { ...route, caFile };
    });
    return { authorities, routes: resolved };
}

function staticText(args: TraefikProxyArgs): string {
    return toYaml(
        staticConfiguration({
            logLevel: args.logLevel ?? ProxyLogLevel.Info,
            accessLog: args.accessLog ?? true,
            dashboard: args.dashboard !== undefined,
            trustedProxies: args.trustedProxies ?? [],
            ...(args.swarm === undefined ? {} : { swarm: args.swarm }),
        }),
    );
}

function dynamicText(
    certificates: CertificateFiles[],
    routes: pulumi.Input<pulumi.Input<Omit<ResolvedRoute, "service"> & { service: pulumi.Input<string> }>[]>,
    { dashboard }: TraefikProxyArgs,
): pulumi.Output<string> {
    const dashboardHostname = dashboard === undefined ? {} : { dashboardHostname: dashboard.hostname };
    return pulumi
        .output(routes)
        .apply((resolved) => toYaml(dynamicConfiguration({ certificates, routes: resolved, ...dashboardHostname })));
}
