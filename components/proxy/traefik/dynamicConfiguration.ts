import { orderIngress } from "../../internal/ingress.ts";
import { isWildcard } from "../../validation/index.ts";

/** The part of Traefik v3.6's dynamic configuration that we use (doc.traefik.io/traefik/v3.6/reference/routing-configuration). */
export interface DynamicConfiguration {
    tls: { certificates: CertificateFiles[]; options: { default: TlsOptions } };
    http?: {
        routers: Record<string, Router>;
        services?: Record<string, LoadBalancedService>;
        serversTransports?: Record<string, ServersTransport>;
    };
}

export interface CertificateFiles {
    certFile: string;
    keyFile: string;
}

export interface TlsOptions {
    minVersion: "VersionTLS12" | "VersionTLS13";
    cipherSuites: readonly string[];
    sniStrict: boolean;
}

export interface Router {
    entryPoints: string[];
    rule: string;
    priority: number;
    service: string;
    tls: { options: string };
}

export interface LoadBalancedService {
    loadBalancer: { servers: { url: string }[]; passHostHeader: boolean; serversTransport?: string };
}

/** How TLS backends are verified. There is no `insecureSkipVerify` here: verification cannot be switched off. */
export interface ServersTransport {
    serverName?: string;
    rootCAs?: string[];
}

/** A route, with everything known and files in their place. */
export interface ResolvedRoute {
    name: string;
    hostname: string;
    path?: string;
    service: string;
    serverName?: string;
    /** File with the certificate authority of a TLS backend. */
    caFile?: string;
}

export interface DynamicSettings {
    certificates: CertificateFiles[];
    routes: readonly ResolvedRoute[];
    dashboardHostname?: string;
}

/** Name of the dashboard's router. */
export const DASHBOARD_ROUTER = "traefik-dashboard";

/** Forward secrecy and authenticated encryption only; TLS 1.3 has its own suites, which Go does not let one choose. */
export const CIPHER_SUITES = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305",
] as const;

/** The dynamic configuration: one router and one service for each route, and no default certificate for unknown names. */
export function dynamicConfiguration(settings: DynamicSettings): DynamicConfiguration {
    const { certificates, routes, dashboardHostname } = settings;
    const tlsOptions: TlsOptions = { minVersion: "VersionTLS12", cipherSuites: CIPHER_SUITES, sniStrict: true };
    const tls = { certificates, options: { default: tlsOptions } };
    // Above every route: a wildcard route must not swallow the dashboard's host name.
    const routers = { ...routersOf(routes), ...dashboardRouter(dashboardHostname, routes.length + 1) };
    if (Object.keys(routers).length === 0) return { tls };

    const transports = routes.flatMap((route) => entryOf(route.name, transportOf(route)));
    const services = routes.map((route): [string, LoadBalancedService] => [route.name, serviceOf(route)]);
    // Traefik refuses an empty map.
    return {
        tls,
        http: {
            routers,
            ...(services.length === 0 ? {} : { services: sorted(services) }),
            ...(transports.length === 0 ? {} : { serversTransports: sorted(transports) }),
        },
    };
}

/** Traefik's own order is by the length of the rule, which puts a wildcard's regular expression before a short exact name. */
function routersOf(routes: readonly ResolvedRoute[]): Record<string, Router> {
    const ordered = orderIngress(routes);
    return sorted(
        ordered.map(({ name, hostname, path }, index): [string, Router] => [
            name,
            router(`${hostRule(hostname)}${pathRule(path)}`, ordered.length - index, name),
        ]),
    );
}

function dashboardRouter(hostname: string | undefined, priority: number): Record<string, Router> {
    if (hostname === undefined) return {};
    return { [DASHBOARD_ROUTER]: router(hostRule(hostname), priority, "api@internal") };
}

function router(rule: string, priority: number, service: string): Router {
    return { entryPoints: ["websecure"], rule, priority, service, tls: { options: "default" } };
}

/** A wildcard covers one label, as Access and Universal SSL have it. */
function hostRule(hostname: string): string {
    if (!isWildcard(hostname)) return `Host(\`${hostname}\`)`;
    return `HostRegexp(\`^[a-z0-9-]+\\.${hostname.slice(2).replaceAll(".", "\\.")}$\`)`;
}

/** Whole segments: a bare `PathPrefix` of `/admin` would take `/administrator` too. */
function pathRule(path: string | undefined): string {
    return path === undefined ? "" : ` && (Path(\`${path}\`) || PathPrefix(\`${path}/\`))`;
}

function serviceOf(route: ResolvedRoute): LoadBalancedService {
    const transport = transportOf(route) === undefined ? {} : { serversTransport: route.name };
    // Traefik passes WebSockets through HTTP servers and knows no scheme of their own.
    const url = route.service.replace(/^ws/, "http");
    return { loadBalancer: { servers: [{ url }], passHostHeader: true, ...transport } };
}

function transportOf({ serverName, caFile }: ResolvedRoute): ServersTransport | undefined {
    if (serverName === undefined && caFile === undefined) return undefined;
    return {
        ...(serverName === undefined ? {} : { serverName }),
        ...(caFile === undefined ? {} : { rootCAs: [caFile] }),
    };
}

function entryOf<T>(name: string, value: T | undefined): [string, T][] {
    return value === undefined ? [] : [[name, value]];
}

/** By name, so that the order of routes in the program never makes another file. */
function sorted<T>(entries: [string, T][]): Record<string, T> {
    return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
