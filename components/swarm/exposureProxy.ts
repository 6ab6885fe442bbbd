import { Network } from "@pulumi/docker/network.js";
import type * as pulumi from "@pulumi/pulumi";
import { labelList } from "../internal/swarm.ts";
import { MkcertCA } from "../proxy/mkcertCA.ts";
import { MkcertCertificate } from "../proxy/mkcertCertificate.ts";
import { CertificateKeyAlgorithm } from "../proxy/mkcertProfile.ts";
import { PROXY_ALIAS } from "../proxy/traefik/defaults.ts";
import { TraefikProxy } from "../proxy/traefikProxy.ts";
import { usesTls } from "../validation/index.ts";
import type { ExposedRoute, SwarmExposure } from "./exposures.ts";
import { PROXY_RENEWAL_HOURS } from "./proxyCertificate.ts";
import type { SwarmDiscoveryArgs } from "./swarmDiscovery.ts";

/** The proxy before one labelled service, as its connector meets it. */
export interface ExposureProxy {
    /** Origin of every HTTP route. */
    endpoint: pulumi.Output<string>;
    /** Network on which nobody is but connector and proxy. */
    networkId: pulumi.Output<string>;
    /** Authority that certifies this proxy and nothing else, in PEM. */
    caPem: pulumi.Output<string>;
}

/**
 * A proxy for the HTTP routes of one labelled service. It alone is on the service's network; the connector meets it on a network of their own,
 * over TLS, with a certificate of an authority of their own.
 *
 * One for each service, and not one for all: a proxy for all would be on every service's network, and any change of labels would replace it for everybody.
 */
export function proxyBefore(
    { name, network, routes }: SwarmExposure,
    { owner, rules, originCaPem, proxy = {} }: SwarmDiscoveryArgs,
    labels: Readonly<Record<string, string>>,
    parent: pulumi.Resource,
): ExposureProxy {
    const child = { parent };
    const front = new Network(
        `${name}-front`,
        {
            name: `sallyport-${owner}-${name}-front`,
            driver: "overlay",
            internal: true,
            attachable: false,
            labels: labelList(labels),
        },
        child,
    );
    // As long as the names of Docker's objects may be.
    const component = `${name}-tls`;
    const ca = new MkcertCA(
        component,
        {
            commonName: `sallyport ${name}`,
            algorithm: CertificateKeyAlgorithm.Ecdsa,
            permitted: { dnsDomains: [PROXY_ALIAS] },
        },
        child,
    );
    const leaf = new MkcertCertificate(
        component,
        {
            caCertPem: ca.certPem,
            caPrivateKeyPem: ca.privateKeyPem,
            dnsNames: [PROXY_ALIAS],
            algorithm: CertificateKeyAlgorithm.Ecdsa,
            earlyRenewalHours: PROXY_RENEWAL_HOURS,
        },
        child,
    );
    const chosen = new Set(routes.flatMap(({ middlewares = [] }) => middlewares));
    const { endpoint } = new TraefikProxy(
        component,
        {
            networkIds: [front.id, network.id],
            certificates: [{ certPem: leaf.chainPem, keyPem: leaf.privateKeyPem }],
            // Nobody but the connector can ask from there; the service's own network is none of them.
            trustedProxies: front.ipamConfigs.apply((configs) => configs.flatMap(({ subnet }) => subnet ?? [])),
            middlewares: (rules.middlewares ?? []).filter((middleware) => chosen.has(middleware.name)),
            routes: routes.map((route, index) => ({
                name: `route-${index}`,
                hostname: route.hostname,
                ...(route.path === undefined ? {} : { path: route.path }),
                service: route.service,
                ...tlsOf(route, originCaPem),
                ...(route.middlewares === undefined ? {} : { middlewares: route.middlewares }),
            })),
            ...proxy,
            labels,
        },
        child,
    );
    return { endpoint, networkId: front.id, caPem: ca.certPem };
}

/** How the proxy checks the service's own certificate, where it has one. */
function tlsOf({ service, originServerName }: ExposedRoute, originCaPem: pulumi.Input<string> | undefined) {
    if (!usesTls(service)) return {};
    return {
        ...(originServerName === undefined ? {} : { serverName: originServerName }),
        ...(originCaPem === undefined ? {} : { caPem: originCaPem }),
    };
}
