import { Network } from "@pulumi/docker/network.js";
import type * as pulumi from "@pulumi/pulumi";
import {
    type MetricsNetwork,
    MkcertCA,
    MkcertCertificate,
    type NamedTunnel,
    SwarmTunnelSidecar,
    TraefikProxy,
} from "../components/index.ts";
import { isHttp } from "./apps.ts";
import type { Backend } from "./backend.ts";
import { DEMO_APP, type Environment } from "./config/environment.ts";
import { METRICS_NETWORK } from "./config/metrics.ts";
import { DemoService } from "./demoService.ts";
import { edgeOf, localSwarm } from "./localEdge.ts";
import { dockerProvider } from "./providers.ts";
import { required } from "./required.ts";

/** Name under which the connector finds the proxy on their common network. */
const PROXY_ALIAS = "traefik";

/** Proxy and connectors as services of a Docker Swarm, with a network an app; locally the demo service too. */
export function runOnSwarm(environment: Environment, tunnel: NamedTunnel): Backend {
    const { stack, apps } = environment;
    const provider = dockerProvider(environment);
    const opts = { providers: { docker: provider } };
    const labels = { "sallyport.stack": stack };
    const local = localSwarm(environment);

    const attached = apps.map((app) => ({
        app,
        network: overlay(`${app.name}-network`, `sallyport-${stack}-${app.name}`, true),
    }));
    const proxied = attached.filter(({ app }) => isHttp(app));
    const direct = attached.filter(({ app }) => !isHttp(app));
    const edgeNetwork = overlay("edge-network", `sallyport-${stack}-edge`, true);
    // The way out, for the connector alone: a task on it has a leg on its host's docker_gwbridge, where every process of that
    // host reaches what it listens on (and other machines, where the host forwards). The connector listens on loopback only.
    const egressNetwork = overlay("egress-network", `sallyport-${stack}-egress`, false);

    // Proxies and connectors have a name each there, with the stack's in it: one Prometheus may ask several stacks.
    const metrics =
        environment.metrics === undefined
            ? undefined
            : {
                  ...environment.metrics,
                  network: overlay("metrics-network", `sallyport-${stack}-${METRICS_NETWORK}`, true),
              };

    // It certifies the proxy and nothing else: who gets hold of its key can pass for no other name.
    const ca = new MkcertCA("ca", {
        commonName: `sallyport ${stack}`,
        permitted: { dnsDomains: [PROXY_ALIAS] },
        ...environment.ca,
    });
    const proxy = proxied.length === 0 ? undefined : newProxy();
    if (environment.demo) {
        const networks = new Map(attached.map(({ app, network }) => [app.name, network]));
        const { id: networkId } = required(networks, DEMO_APP);
        new DemoService("demo", { image: local?.images.demo, networkId, labels }, opts);
    }
    return {
        originOf: (app) => (proxy !== undefined && isHttp(app) ? proxy.endpoint : app.service),
        connect,
        docker: provider,
        originCa: ca.certPem,
        settled: proxy?.serviceId,
        outputs: {
            // By app: its service attaches itself to that network.
            networks: Object.fromEntries(attached.map(({ app, network }) => [app.name, network.name])),
            originCa: ca.trustBundlePem,
            ...(metrics === undefined ? {} : { metricsNetwork: metrics.network.name }),
        },
    };

    function connect(configFile?: pulumi.Output<string>): pulumi.Output<string> {
        const connector = new SwarmTunnelSidecar(
            "tunnel-connector",
            {
                tunnelId: tunnel.tunnelId,
                credentials: tunnel.credentials,
                configFile,
                networkIds: [egressNetwork.id, edgeNetwork.id, ...direct.map(({ network }) => network.id)],
                originCaPem: ca.trustBundlePem,
                ...environment.connector,
                image: environment.connector.image ?? local?.images.cloudflared,
                edge: edgeOf(environment, [PROXY_ALIAS]),
                ...(metrics?.connectors ? { metricsNetwork: metricsAs("connectors", metrics.network) } : {}),
                labels,
            },
            opts,
        );
        return connector.serviceName;
    }

    function metricsAs(role: string, { id }: Network): MetricsNetwork {
        return { id, alias: `sallyport-${stack}-${role}` };
    }

    function overlay(logicalName: string, name: string, internal: boolean): Network {
        const networkLabels = Object.entries(labels).map(([label, value]) => ({ label, value }));
        return new Network(
            logicalName,
            { name, driver: "overlay", internal, attachable: false, labels: networkLabels },
            { provider },
        );
    }

    function newProxy(): TraefikProxy {
        const { rotation, ...workload } = environment.proxy;
        const leaf = new MkcertCertificate("traefik-certificate", {
            caCertPem: ca.certPem,
            caPrivateKeyPem: ca.privateKeyPem,
            dnsNames: [PROXY_ALIAS],
            ...(rotation === undefined ? {} : { rotation }),
        });
        return new TraefikProxy(
            "traefik",
            {
                networkIds: [edgeNetwork.id, ...proxied.map(({ network }) => network.id)],
                alias: PROXY_ALIAS,
                certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
                // Nobody else is on that network: the edge's word about the visitor's address comes through the connector alone.
                trustedProxies: rangesOf(edgeNetwork),
                routes: proxied.map(({ app: { name, hostname, path, service } }) => ({
                    name,
                    hostname,
                    path,
                    service,
                })),
                ...workload,
                image: workload.image ?? local?.images.traefik,
                ...(metrics === undefined
                    ? {}
                    : {
                          // The services behind the proxy reach that port as well.
                          metrics: { allowFrom: rangesOf(metrics.network) },
                          metricsNetwork: metricsAs("proxies", metrics.network),
                      }),
                labels,
            },
            opts,
        );
    }
}

/** The addresses that Docker gave a network. */
function rangesOf({ ipamConfigs }: Network): pulumi.Output<string[]> {
    return ipamConfigs.apply((configs) => configs.flatMap(({ subnet }) => (subnet === undefined ? [] : [subnet])));
}
