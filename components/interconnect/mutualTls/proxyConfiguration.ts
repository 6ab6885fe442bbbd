import { ProxyLogLevel } from "../../proxy/traefik/logLevel.ts";
import { ProxyTlsVersion, tlsOptionSets } from "../../proxy/traefik/tlsOptions.ts";

/** What a service's proxy on one node does, with every certificate in a file. */
export interface ProxyDuties {
    certFile: string;
    keyFile: string;
    dynamicFile: string;
    /** Takes connections for the service; not where nobody may use it, or it speaks TLS itself. */
    serves?: ServerDuty;
    /** Carries connections of the service to others. */
    uses: ClientDuty[];
}

export interface ServerDuty {
    /** `[2001:db8:a::1]:636`, or `:636` where the node's address is its router's. */
    listen: string;
    /** Names by which clients ask. */
    hosts: readonly string[];
    /** Where the service itself listens, on loopback: `127.0.0.1:389`. */
    upstream: string;
    /** Authorities of the services that may use it. */
    clientCaFile: string;
}

export interface ClientDuty {
    service: string;
    localPort: number;
    /** Host and port of the other service. */
    address: string;
    /** Name that its certificate must carry. */
    serverName: string;
    /** Its authority. */
    caFile: string;
}

/** Seconds that open connections have when the proxy ends: so long they outlive the intention that let them in. */
export const DRAIN_SECONDS = 5;

/** Entry points alone: no dashboard, no port of its own, nothing that phones home. */
export function proxyStatic({ serves, uses, dynamicFile }: ProxyDuties): object {
    const transport = { lifeCycle: { graceTimeOut: `${DRAIN_SECONDS}s` } };
    const entryPoint = (address: string) => ({ address, transport });
    return {
        global: { checkNewVersion: false, sendAnonymousUsage: false },
        log: { level: ProxyLogLevel.Info, format: "json" },
        entryPoints: {
            ...(serves === undefined ? {} : { serves: entryPoint(serves.listen) }),
            ...Object.fromEntries(uses.map((use) => [usesName(use), entryPoint(`127.0.0.1:${use.localPort}`)])),
        },
        // A renewed certificate is read when the unit is reloaded.
        providers: { file: { filename: dynamicFile, watch: false } },
    };
}

/**
 * Routers over TCP. The options hold for every handshake, also for a name that no router has: whoever has no certificate of an admitted service gets no further.
 */
export function proxyDynamic(duties: ProxyDuties): object {
    const { serves, uses, certFile, keyFile } = duties;
    const certificate = { certFile, keyFile };
    return {
        tcp: {
            routers: {
                ...(serves === undefined ? {} : { serves: serverRouter(serves) }),
                ...Object.fromEntries(uses.map((use) => [usesName(use), clientRouter(use)])),
            },
            services: {
                ...(serves === undefined ? {} : { serves: balancer({ servers: [{ address: serves.upstream }] }) }),
                ...Object.fromEntries(
                    uses.map((use) => [
                        usesName(use),
                        balancer({ servers: [{ address: use.address, tls: true }], serversTransport: usesName(use) }),
                    ]),
                ),
            },
            ...(uses.length === 0
                ? {}
                : {
                      serversTransports: Object.fromEntries(
                          uses.map((use) => [usesName(use), transport(use, certificate)]),
                      ),
                  }),
        },
        ...(serves === undefined ? {} : { tls: serverTls(serves, certificate) }),
    };
}

interface Certificate {
    certFile: string;
    keyFile: string;
}

function serverTls({ clientCaFile }: ServerDuty, certificate: Certificate) {
    return {
        certificates: [certificate],
        options: tlsOptionSets([{ name: "default", minVersion: ProxyTlsVersion.Tls13, clientCaFile }]),
    };
}

function serverRouter({ hosts }: ServerDuty) {
    const rule = hosts.map((host) => `HostSNI(\`${host}\`)`).join(" || ");
    return { entryPoints: ["serves"], rule, service: "serves", tls: { options: "default" } };
}

function clientRouter(use: ClientDuty) {
    return { entryPoints: [usesName(use)], rule: "HostSNI(`*`)", service: usesName(use) };
}

function balancer(loadBalancer: object) {
    return { loadBalancer };
}

/** Of two sides that close one after the other, the second has so long to say the rest. */
const TERMINATION = "30s";

function transport({ serverName, caFile }: ClientDuty, certificate: Certificate) {
    return {
        dialTimeout: "5s",
        terminationDelay: TERMINATION,
        tls: { serverName, rootCAs: [caFile], certificates: [certificate] },
    };
}

function usesName({ service }: ClientDuty): string {
    return `uses-${service}`;
}
