import { getZoneOutput } from "@pulumi/cloudflare/getZone.js";
import { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import { Network } from "@pulumi/docker/network.js";
import { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import * as pulumi from "@pulumi/pulumi";
import {
    AccessAudience,
    MkcertCA,
    MkcertCertificate,
    NamedTunnel,
    ServiceToken,
    SwarmTunnelSidecar,
    TraefikProxy,
    TunnelIngress,
    ZeroTrustApp,
} from "../components/index.ts";
import type { AppConfig, Environment } from "./config/environment.ts";
import { DemoService } from "./demoService.ts";
import { reachOf } from "./reach.ts";

/** Name under which the connector finds the proxy on their common network. */
const PROXY_ALIAS = "traefik";

/** One app with what was made for it. */
interface Exposure {
    app: AppConfig;
    access: ZeroTrustApp;
    network: Network;
}

/** One environment: tunnel, Access before every app, proxy and connector, in fail-closed order. */
export function deploy(environment: Environment) {
    const { stack, accountId, team } = environment;
    const cloudflare = new CloudflareProvider("cloudflare", baseUrlOf(environment));
    const docker = new DockerProvider(
        "docker",
        environment.dockerHost === undefined ? {} : { host: environment.dockerHost },
    );
    const opts = { providers: { cloudflare, docker } };
    const labels = { "sallyport.stack": stack };
    const zoneId = environment.zone.id ?? zoneIdOf(environment, cloudflare);

    const tokens = new Map(
        environment.serviceTokens.map(({ name, duration }) => [
            name,
            new ServiceToken(name, { accountId, tokenName: `${stack}-${name}`, duration }, opts),
        ]),
    );
    const audiences = new Map(
        environment.audiences.map(({ name, serviceTokens, ...who }) => [
            name,
            new AccessAudience(
                name,
                {
                    accountId,
                    audienceName: `${stack}-${name}`,
                    ...who,
                    serviceTokenIds: serviceTokens.map((token) => required(tokens, token).tokenId),
                },
                opts,
            ),
        ]),
    );

    const tunnel = new NamedTunnel("tunnel", { accountId, tunnelName: `sallyport-${stack}` }, opts);
    const exposures = environment.apps.map((app): Exposure => {
        const { name, hostname, path, sessionDuration, audience } = app;
        const policyIds = pulumi
            .all(audience.map((who) => required(audiences, who).policyIds))
            .apply((lists) => lists.flat());
        const applicationName = `${stack}-${name}`;
        const access = new ZeroTrustApp(
            name,
            { accountId, hostname, path, policyIds, sessionDuration, applicationName },
            opts,
        );
        return { app, access, network: overlay(`${name}-network`, `sallyport-${stack}-${name}`, true) };
    });
    const proxied = exposures.filter(({ app }) => isHttp(app));
    const direct = exposures.filter(({ app }) => !isHttp(app));
    const edgeNetwork = overlay("edge-network", `sallyport-${stack}-edge`, false);

    const ca = new MkcertCA("ca", { commonName: `sallyport ${stack}` });
    const proxy = proxied.length === 0 ? undefined : newProxy();
    new TunnelIngress(
        "ingress",
        {
            accountId,
            zoneId,
            tunnelId: tunnel.tunnelId,
            team,
            routes: exposures.map(({ app, access }) => ({
                hostname: app.hostname,
                path: app.path,
                service: proxy !== undefined && isHttp(app) ? proxy.endpoint : app.service,
                audience: access.audience,
            })),
        },
        opts,
    );
    if (environment.demo) {
        new DemoService(
            "demo",
            { image: environment.emulator?.images.demo, networkId: networkOf("demo"), labels },
            opts,
        );
    }
    const connector = new SwarmTunnelSidecar(
        "tunnel-connector",
        {
            tunnelId: tunnel.tunnelId,
            credentials: tunnel.credentials,
            networkIds: [edgeNetwork.id, ...direct.map(({ network }) => network.id)],
            originCaPem: ca.certPem,
            ...environment.connector,
            image: environment.connector.image ?? environment.emulator?.images.cloudflared,
            edge: edgeOf(environment),
            labels,
        },
        opts,
    );

    return {
        hostnames: exposures.map(({ app, access }) => ({
            hostname: app.hostname,
            path: app.path ?? "",
            service: app.service,
            audience: app.audience,
            aud: access.audience,
        })),
        tunnels: [{ name: tunnel.tunnelName, id: tunnel.tunnelId, service: connector.serviceName }],
        networks: Object.fromEntries(exposures.map(({ app, network }) => [app.name, network.name])),
        serviceTokens: Object.fromEntries(
            [...tokens].map(([name, { clientId, clientSecret }]) => [name, { clientId, clientSecret }]),
        ),
        originCa: ca.certPem,
        // What a later preview compares itself with, to say who gains and who loses access.
        access: reachOf(environment),
    };

    function overlay(logicalName: string, name: string, internal: boolean): Network {
        const networkLabels = Object.entries(labels).map(([label, value]) => ({ label, value }));
        return new Network(
            logicalName,
            { name, driver: "overlay", internal, attachable: false, labels: networkLabels },
            { provider: docker },
        );
    }

    function networkOf(name: string): pulumi.Input<string> {
        const exposure = exposures.find(({ app }) => app.name === name);
        if (exposure === undefined) {
            throw new pulumi.RunError(
                `sallyport:demo is true, but no app is named "${name}"; add one to sallyport:apps or remove the key`,
            );
        }
        return exposure.network.id;
    }

    function newProxy(): TraefikProxy {
        const leaf = new MkcertCertificate("traefik-certificate", {
            caCertPem: ca.certPem,
            caPrivateKeyPem: ca.privateKeyPem,
            dnsNames: [PROXY_ALIAS],
        });
        return new TraefikProxy(
            "traefik",
            {
                networkIds: [edgeNetwork.id, ...proxied.map(({ network }) => network.id)],
                alias: PROXY_ALIAS,
                certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
                routes: proxied.map(({ app: { name, hostname, path, service } }) => ({
                    name,
                    hostname,
                    path,
                    service,
                })),
                ...environment.proxy,
                image: environment.proxy.image ?? environment.emulator?.images.traefik,
                labels,
            },
            opts,
        );
    }
}

/** HTTP goes through the proxy, so that it is encrypted on its way there; other protocols go straight to their service. */
function isHttp({ service }: AppConfig): boolean {
    return /^(https?|wss?):/.test(service);
}

function baseUrlOf({ emulator }: Environment): { baseUrl?: string } {
    return emulator === undefined ? {} : { baseUrl: emulator.apiBaseUrl };
}

/** Where a local connector dials, and whom it trusts; the team's name leads to the emulator, because cloudflared takes no other. */
function edgeOf({ emulator, team }: Environment) {
    if (emulator === undefined) {
        return undefined;
    }
    const { edge, edgeCaPem, teamAddress } = emulator;
    return { addresses: edge, caPem: edgeCaPem, hosts: [{ host: `${team}.cloudflareaccess.com`, ip: teamAddress }] };
}

function zoneIdOf({ zone, accountId }: Environment, provider: CloudflareProvider): pulumi.Output<string> {
    return getZoneOutput({ filter: { name: zone.name, account: { id: accountId } } }, { provider }).apply(
        ({ zoneId, id }) => zoneId ?? id,
    );
}

function required<T>(map: Map<string, T>, name: string): T {
    const value = map.get(name);
    if (value === undefined) {
        // The configuration is checked before; this would be a mistake of ours.
        throw new Error(`"${name}" is used but not declared`);
    }
    return value;
}
