import { Container } from "@pulumi/docker/container.js";
import { Network } from "@pulumi/docker/network.js";
import * as pulumi from "@pulumi/pulumi";
import {
    SwarmDiscovery,
    SwarmTunnelSidecar,
    TcpClientSidecar,
    TraefikFiles,
    TraefikProxy,
} from "../../../../components/index.ts";
import type { Settings } from "../identity/declare.ts";

/** What the components in Docker are given by the others. */
export interface DockerSettings extends Settings {
    /** Two names of one image with cloudflared, busybox and tcpsvd. */
    images: readonly [string, string];
    labels: Record<string, string>;
    tunnel: { tunnelId: pulumi.Input<string>; credentials: pulumi.Input<string> };
    /** Before and after a change. */
    certificates: readonly [Certificate, Certificate];
    /** A network of the Swarm that is there already, as services of others have. */
    shopNetworkId: string;
    /** Policies of an audience. */
    policyIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Secret of a service token. */
    token: string;
}

interface Certificate {
    certPem: pulumi.Input<string>;
    keyPem: pulumi.Input<string>;
}

/** Services of no task, which a deployment need not wait for: what runs in them is tested elsewhere, here it is what they are declared as. */
const withoutTasks: pulumi.ResourceTransform = ({ type, props, opts }) =>
    type === "docker:index/service:Service"
        ? { props: { ...props, mode: { replicated: { replicas: 0 } } }, opts }
        : undefined;

/** Connector, proxy and client container. */
export function declareDocker(settings: DockerSettings) {
    const { images, labels, tunnel, certificates, token, changed, replaced, opts } = settings;
    const version = changed ? "2" : "1";
    const [provider] = opts.providers;
    const idle = { ...opts, transforms: [withoutTasks] };
    const [first, second] = certificates;
    const certificate = changed ? second : first;
    const labelled = Object.entries(labels).map(([label, value]) => ({ label, value }));
    const networks = ["one", "two"].map(
        (name) => new Network(`net-${name}`, { driver: "overlay", internal: true, labels: labelled }, { provider }),
    );
    const figures = new Network("net-figures", { driver: "overlay", internal: true, labels: labelled }, { provider });
    const inSwarm = {
        networkIds: networks.slice(replaced ? 1 : 0).map(({ id }) => id),
        image: `sallyport.test/${version}:1`,
        replicas: changed ? 3 : 2,
        labels: { ...labels, version },
        constraints: [`node.labels.rack==${version}`],
        convergeTimeout: "0s",
    };
    const edge = {
        addresses: [`127.0.0.1:784${version}`],
        caPem: certificate.certPem,
        teamProxy: { address: `172.18.0.1:784${version}`, directHosts: [`traefik-${version}`] },
    };
    const logLevel = changed ? ("warn" as const) : ("info" as const);
    new SwarmTunnelSidecar(
        "connector",
        {
            ...tunnel,
            ...inSwarm,
            configFile: JSON.stringify({ ingress: [{ service: `http_status:40${version}` }] }),
            originCaPem: certificate.certPem,
            edge,
            protocol: "http2",
            logLevel,
            metricsNetwork: { id: figures.id, alias: replaced ? "connectors-2" : "connectors-1" },
        },
        idle,
    );
    // With Cloudflare's own edge there is a choice of protocols.
    new SwarmTunnelSidecar("other-connector", { ...tunnel, ...inSwarm, protocol: changed ? "quic" : "http2" }, idle);
    const proxy = {
        certificates: [certificate],
        routes: [{ name: "api", hostname: "api.example.com", service: `http://api:808${version}` }],
        middlewares: [{ name: "offices", ipAllowList: { ranges: [`10.20.${version}.0/24`] } }],
        tlsOptions: [{ name: "strict", alpnProtocols: changed ? ["h2", "http/1.1"] : ["h2"] }],
        extraConfiguration: `http: { serversTransports: { slow: { maxIdleConnsPerHost: ${version} } } }`,
        metrics: { port: changed ? 9101 : 9100 },
        tracing: { endpoint: `https://traces-${version}.example.com:4318/v1/traces` },
        alias: `proxy-${version}`,
        dashboard: { hostname: `dashboard-${version}.example.com`, middlewares: ["offices"] },
        trustedProxies: [`10.0.${version}.0/24`],
        accessLog: !changed,
        logLevel: changed ? ("WARN" as const) : ("INFO" as const),
    };
    const labelProvider = { endpoint: `tcp://socket-proxy-${version}:2375` };
    const metricsNetwork = { id: figures.id, alias: `proxies-${version}` };
    new TraefikProxy("proxy", { ...inSwarm, ...proxy, swarm: labelProvider, metricsNetwork }, idle);
    new TraefikFiles(
        "machine",
        {
            ...proxy,
            networks: [`network-${version}`],
            image: inSwarm.image,
            folder: `/srv/traefik-${version}`,
            docker: labelProvider,
            listen: { address: `10.0.0.${version}`, allowFrom: ["10.0.0.0/24"] },
        },
        opts,
    );
    new SwarmDiscovery(
        "labels",
        {
            accountId: settings.accountId,
            zoneId: settings.zoneId,
            team: "team",
            owner: `cluster-${version}`,
            revision: `r${version}`,
            services: [
                {
                    id: "k2s5",
                    name: "shop_web",
                    labels: {
                        "sallyport.enable": "true",
                        "sallyport.hostname": "shop-dev.example.com",
                        "sallyport.port": `808${version}`,
                        "sallyport.audience": `staff-${version}`,
                    },
                    networks: [
                        {
                            id: settings.shopNetworkId,
                            name: "shop_default",
                            driver: "overlay",
                            internal: false,
                            ingress: false,
                        },
                    ],
                    createdAt: "2027-01-01T06:00:00Z",
                },
            ],
            rules: { zone: "example.com", hostnames: ["*-dev.example.com"], audiences: [{ name: `staff-${version}` }] },
            policyIds: { [`staff-${version}`]: settings.policyIds },
            connector: { image: inSwarm.image, replicas: inSwarm.replicas, convergeTimeout: "0s" },
            proxy: { image: inSwarm.image, replicas: inSwarm.replicas, convergeTimeout: "0s" },
            originCaPem: certificate.certPem,
            edge,
        },
        idle,
    );

    const [image = "", other = ""] = images;
    const programs = ["web", "worker"].map(
        (name) =>
            new Container(
                `program-${name}`,
                { image, entrypoints: ["sleep"], command: ["1000000"], labels: labelled },
                { provider },
            ),
    );
    new TcpClientSidecar(
        "client",
        {
            // Known before there is a token, as a saved plan wants what it holds a file against.
            clientId: `${version}.access`,
            clientSecret: pulumi.secret(`${token}-${version}`),
            hostname: replaced ? "orders.example.com" : "db.example.com",
            localPort: replaced ? 5433 : 5432,
            containerId: programs[replaced ? 1 : 0]?.id ?? "",
            image: replaced ? other : image,
            labels: { ...labels, replaced: String(replaced) },
            maxConnections: changed ? 8 : 4,
        },
        opts,
    );
}
