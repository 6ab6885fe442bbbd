import { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import { Network } from "@pulumi/docker/network.js";
import type * as pulumi from "@pulumi/pulumi";
import {
    AccessAudience,
    type MkcertCA,
    MkcertCertificate,
    NamedTunnel,
    PrivateNetwork,
    SwarmTunnelSidecar,
    TraefikContainer,
    type TraefikContainerArgs,
    TunnelIngress,
    ZeroTrustApp,
} from "../../components/index.ts";
import type { Application } from "./application.ts";
import { type Account, type Inside, type Settings, Way } from "./settings.ts";

/** Name under which a connector finds the proxy. */
const PROXY = "traefik";

export interface Entrance {
    /** Rules for nftables, where the proxy listens. */
    firewallRules: pulumi.Output<string>;
}

/** The proxy before the notebook, and the way to it. */
export function entranceOf(settings: Settings, ca: MkcertCA, application: Application, backend: Network): Entrance {
    const { way, account, inside } = settings;
    if (inside !== undefined) return listening(settings, inside, ca, application, backend);
    if (account === undefined) throw new Error(`elabftw:account is missing. The way "${way}" needs it.`);
    return behindTunnel(settings, account, ca, application, backend);
}

/** Name of Traefik's dashboard: beside the notebook's, so that one wildcard of the zone covers both. */
export function dashboardOf({ hostname }: Settings): string {
    return hostname.replace(/^[^.]+/, (label) => `${label}-traefik`);
}

/** What is the same in every way. */
function proxyArgs(
    settings: Settings,
    ca: MkcertCA,
    application: Application,
    networks: Network[],
): TraefikContainerArgs {
    const { hostname, proxyImage } = settings;
    const leaf = new MkcertCertificate("proxy-certificate", {
        caCertPem: ca.certPem,
        caPrivateKeyPem: ca.privateKeyPem,
        dnsNames: [PROXY, hostname, dashboardOf(settings)],
    });
    return {
        networks: networks.map(({ name }) => name),
        alias: PROXY,
        certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
        middlewares: [{ name: "headers", headers: { stsSeconds: 31_536_000, referrerPolicy: "same-origin" } }],
        routes: [{ name: "elabftw", hostname, ...application, middlewares: ["headers"] }],
        ...(proxyImage === undefined ? {} : { image: proxyImage }),
    };
}

/** On an address of the closed network: nothing of Cloudflare's, one port, and the rules of who may ask for it. */
function listening(
    settings: Settings,
    inside: Inside,
    ca: MkcertCA,
    application: Application,
    backend: Network,
): Entrance {
    const { admins, ...listen } = inside;
    const entrance = new Network("entrance", { name: "elabftw-entrance", driver: "bridge" });
    const common = proxyArgs(settings, ca, application, [entrance, backend]);
    const { firewallRules } = new TraefikContainer("proxy", {
        ...common,
        middlewares: [...(common.middlewares ?? []), { name: "admins", ipAllowList: { ranges: admins } }],
        dashboard: { hostname: dashboardOf(settings), middlewares: ["admins"] },
        listen,
    });
    return { firewallRules };
}

/** Behind a tunnel, with Access before it or for devices of the team alone. Nothing listens. */
function behindTunnel(
    settings: Settings,
    account: Account,
    ca: MkcertCA,
    application: Application,
    backend: Network,
): Entrance {
    const { accountId, emailDomains, admins } = account;
    const opts = { providers: [new CloudflareProvider("cloudflare", {})] };
    const entrance = new Network("entrance", {
        name: "elabftw-entrance",
        driver: "overlay",
        internal: true,
        attachable: true,
    });
    const egress = new Network("egress", { name: "elabftw-egress", driver: "overlay" });
    const trustedProxies = entrance.ipamConfigs.apply((configs) => configs.flatMap(({ subnet }) => subnet ?? []));
    const hostname = dashboardOf(settings);
    const isPublic = settings.way === Way.Tunnel;
    const { endpoint, firewallRules } = new TraefikContainer("proxy", {
        ...proxyArgs(settings, ca, application, [entrance, backend]),
        trustedProxies,
        ...(isPublic ? { dashboard: { hostname } } : {}),
        // Devices ask the proxy by the notebook's own name.
        ...(isPublic ? {} : { alias: settings.hostname }),
    });
    const tunnel = new NamedTunnel("tunnel", { accountId, tunnelName: "elabftw" }, opts);
    if (isPublic) {
        const guarded = (name: string, who: { emailDomains?: string[]; emails?: string[] }, host: string) => {
            const audience = new AccessAudience(`${name}-people`, { accountId, audienceName: name, ...who }, opts);
            const args = { accountId, applicationName: name, hostname: host, policyIds: audience.policyIds };
            return { hostname: host, service: endpoint, audience: new ZeroTrustApp(name, args, opts).audience };
        };
        const routes = [
            guarded("elabftw", { emailDomains }, settings.hostname),
            guarded("elabftw-dashboard", { emails: admins }, hostname),
        ];
        const { zoneId, team } = account;
        new TunnelIngress("ingress", { accountId, zoneId, tunnelId: tunnel.tunnelId, team, routes }, opts);
    } else {
        const grants = [{ name: "people", emailDomains, ports: [8443] }];
        const network = { accountId, tunnelId: tunnel.tunnelId, hostnames: [settings.hostname], grants };
        new PrivateNetwork("elabftw", network, opts);
    }
    new SwarmTunnelSidecar("connector", {
        tunnelId: tunnel.tunnelId,
        credentials: tunnel.credentials,
        networkIds: [egress.id, entrance.id],
        originCaPem: ca.trustBundlePem,
    });
    return { firewallRules };
}
