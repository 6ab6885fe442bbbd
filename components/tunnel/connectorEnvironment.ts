import * as pulumi from "@pulumi/pulumi";
import type { ConnectorLogLevel, TunnelProtocol } from "./connectorSettings.ts";

/** Where a connector in a container finds the authority of an edge of one's own. */
export const EDGE_CA_PATH = "/etc/sallyport/edge-ca.pem";

const METRICS_PORT = 20241;

/** Loopback of the container: its own probe asks there, and nothing else can. */
export const METRICS_ADDRESS = `127.0.0.1:${METRICS_PORT}`;

/**
 * Every address of the container. cloudflared listens on one address that it is told or on all, and which one a task gets on a network is not known before it runs:
 * Swarm answers for its name only once it is healthy.
 */
const OPEN_METRICS_ADDRESS = `0.0.0.0:${METRICS_PORT}`;

/** Seconds that cloudflared lets requests finish after it was told to stop; its own default. */
export const GRACE_SECONDS = 30;

/**
 * An HTTP proxy (CONNECT, RFC 9110 section 9.3.6) through which a connector fetches the keys of the Access team. It needs to lead to the
 * team's domain alone, and need not be trusted: TLS goes through it. The tunnel itself never takes a proxy.
 */
export interface TeamProxy {
    /** `host:port`. */
    address: pulumi.Input<string>;
    /**
     * Hosts of the origins to which the connector speaks TLS (`https`, `wss`), such as `traefik`: it asks them itself. One that is left out
     * is asked for at the proxy, and answers 502 where that leads elsewhere. Other origins are never asked through it. None if omitted.
     */
    directHosts?: pulumi.Input<pulumi.Input<string>[]>;
}

/** An edge other than Cloudflare's, spoken to over HTTP/2. */
export interface TunnelEdge {
    /** `host:port` of each listener. cloudflared makes one connection to each, at most four. */
    addresses: pulumi.Input<pulumi.Input<string>[]>;
    /** Certificate authority of the edge and of the Access team domain, in PEM. It replaces the system's roots in the connector. */
    caPem: pulumi.Input<string>;
    /** Where the keys of the Access team are fetched through. If omitted the team's domain is asked itself, as the system resolves it. */
    teamProxy?: TeamProxy;
}

/** What a connector in a container is told. */
export interface ConnectorSettings {
    edge?: TunnelEdge;
    protocol?: TunnelProtocol;
    logLevel?: ConnectorLogLevel;
    /** Whether its figures can be asked for from outside the container. */
    servesMetrics?: boolean;
}

/**
 * The environment of a connector in a container. Nothing here is secret: whoever may look at the container sees it. Variables rather than flags, because every
 * version takes them in any position.
 */
export function connectorEnvironment({
    edge,
    protocol,
    logLevel,
    servesMetrics = false,
}: ConnectorSettings): Record<string, pulumi.Input<string>> {
    return {
        NO_AUTOUPDATE: "true",
        TUNNEL_GRACE_PERIOD: `${GRACE_SECONDS}s`,
        TUNNEL_LOGLEVEL: logLevel ?? "info",
        // Else whoever holds the dashboard could read profiles and metrics of the connector through the edge.
        TUNNEL_MANAGEMENT_DIAGNOSTICS: "false",
        // The image's own default listens on every address, and /config tells all origins.
        TUNNEL_METRICS: servesMetrics ? OPEN_METRICS_ADDRESS : METRICS_ADDRESS,
        TUNNEL_TRANSPORT_PROTOCOL: protocol ?? (edge === undefined ? "auto" : "http2"),
        ...(edge === undefined ? {} : edgeEnvironment(edge)),
    };
}

function edgeEnvironment({ addresses, teamProxy }: TunnelEdge): Record<string, pulumi.Input<string>> {
    return {
        // With a single address cloudflared retries a failed dial thousands of times a second; the same one twice backs off.
        TUNNEL_EDGE: pulumi
            .output(addresses)
            .apply((list) => (list.length === 1 ? [...list, ...list] : list).join(",")),
        // One authority for the edge and for the keys of the Access team; Go reads this instead of the system's roots.
        SSL_CERT_FILE: EDGE_CA_PATH,
        // Pre-checks of later versions look for Cloudflare's own edge.
        TUNNEL_NO_PRECHECKS: "true",
        ...(teamProxy === undefined ? {} : proxyEnvironment(teamProxy)),
    };
}

/**
 * Go's HTTP client heeds these (`http.ProxyFromEnvironment`): that which fetches the team's keys (go-oidc, `http.DefaultClient`) and that which asks
 * origins (cloudflared, `ingress/origin_service.go`). Connections to the edge are dialled without either (`edgediscovery/dial.go`).
 * There is no `HTTP_PROXY`, so plain origins are asked directly.
 */
function proxyEnvironment({ address, directHosts }: TeamProxy): Record<string, pulumi.Input<string>> {
    const proxy = { HTTPS_PROXY: pulumi.interpolate`http://${address}` };
    if (directHosts === undefined) {
        return proxy;
    }
    // Go takes an IPv6 address in brackets here only with a port behind it.
    const unbracketed = (host: string) => host.replace(/^\[(.*)\]$/, "$1");
    return { ...proxy, NO_PROXY: pulumi.output(directHosts).apply((hosts) => hosts.map(unbracketed).join(",")) };
}
