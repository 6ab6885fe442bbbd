import { orderIngress } from "../../internal/ingress.ts";
import { isWildcard } from "../../validation/index.ts";
import { type ExtraConfiguration, mergeExtra } from "./extraConfiguration.ts";
import { METRICS_READERS, middlewareSections, type PlacedMiddleware } from "./middlewares.ts";
import { METRICS_ENTRY_POINT } from "./staticConfiguration.ts";
import { DEFAULT_TLS_OPTIONS, type PlacedTlsOptions, type TlsOptions, tlsOptionSets } from "./tlsOptions.ts";

/** The part of Traefik v3.6's dynamic configuration that we use (doc.traefik.io/traefik/v3.6/reference/routing-configuration). */
export interface DynamicConfiguration {
    tls: { certificates: CertificateFiles[]; options: Record<string, TlsOptions> & { default: TlsOptions } };
    http?: {
        routers?: Record<string, Router>;
        services?: Record<string, LoadBalancedService>;
        middlewares?: Record<string, object>;
        serversTransports?: Record<string, ServersTransport>;
    };
}

export interface CertificateFiles {
    certFile: string;
    keyFile: string;
}

export interface Router {
    entryPoints: string[];
    rule: string;
    priority: number;
    middlewares?: string[];
    service: string;
    /** Every router's but that of the figures. */
    tls?: { options: string };
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
    middlewares?: string[];
    tlsOptions?: string;
}

export interface DynamicSettings {
    certificates: CertificateFiles[];
    routes: readonly ResolvedRoute[];
    dashboardHostname?: string;
    dashboardMiddlewares?: string[];
    middlewares?: readonly PlacedMiddleware[];
    tlsOptions?: readonly PlacedTlsOptions[];
    /** Whether a trusted proxy stands before this one, so that clients are told by its `X-Forwarded-For`. */
    isBehindProxy?: boolean;
    /** CIDR ranges that see the figures; Traefik itself shows them to everybody where omitted. */
    metricsFrom?: readonly string[];
    extra?: ExtraConfiguration;
}

/** Name of the dashboard's router. */
export const DASHBOARD_ROUTER = "traefik-dashboard";

/** Name of the router of the figures. */
export const METRICS_ROUTER = "traefik-metrics";

/** The dynamic configuration: one router and one service for each route, and no default certificate for unknown names. */
export function dynamicConfiguration(settings: DynamicSettings): DynamicConfiguration {
    const { certificates, routes, middlewares = [], tlsOptions = [], isBehindProxy = false, metricsFrom } = settings;
    const tls = { certificates, options: tlsOptionSets(tlsOptions) };
    // Above every route: a wildcard route must not swallow the dashboard's host name.
    const routers = {
        ...routersOf(routes),
        ...dashboardRouter(settings, routes.length + 1),
        ...metricsRouter(metricsFrom),
    };
    const all = { ...middlewareSections(middlewares, isBehindProxy), ...metricsReaders(metricsFrom) };
    const services = routes.map((route): [string, LoadBalancedService] => [route.name, serviceOf(route)]);
    const transports = routes.flatMap((route) => entryOf(route.name, transportOf(route)));
    const http = {
        ...section("routers", routers),
        ...section("services", sorted(services)),
        ...section("middlewares", sorted(Object.entries(all))),
        ...section("serversTransports", sorted(transports)),
    };
    return mergeExtra({ tls, ...section("http", http) }, settings.extra ?? {});
}

/** A part under its name, unless it is empty: Traefik refuses an empty map. */
function section<Name extends string, Part extends object>(name: Name, part: Part): { [key in Name]?: Part } {
    return (Object.keys(part).length === 0 ? {} : { [name]: part }) as { [key in Name]?: Part };
}

/** Traefik's own order is by the length of the rule, which puts a wildcard's regular expression before a short exact name. */
function routersOf(routes: readonly ResolvedRoute[]): Record<string, Router> {
    const ordered = orderIngress(routes);
    return sorted(
        ordered.map(({ name, hostname, path, middlewares = [], tlsOptions }, index): [string, Router] => [
            name,
            {
                entryPoints: ["websecure"],
                rule: `${hostRule(hostname)}${pathRule(path)}`,
                priority: ordered.length - index,
                ...through(middlewares),
                service: name,
                tls: { options: tlsOptions ?? DEFAULT_TLS_OPTIONS },
            },
        ]),
    );
}

function dashboardRouter(
    { dashboardHostname: hostname, dashboardMiddlewares = [] }: DynamicSettings,
    priority: number,
): Record<string, Router> {
    if (hostname === undefined) return {};
    return {
        [DASHBOARD_ROUTER]: {
            entryPoints: ["websecure"],
            rule: hostRule(hostname),
            priority,
            ...through(dashboardMiddlewares),
            service: "api@internal",
            tls: { options: DEFAULT_TLS_OPTIONS },
        },
    };
}

/** Traefik's own router shows the figures to everybody who reaches the port: services behind the proxy, too. */
function metricsRouter(readers: readonly string[] | undefined): Record<string, Router> {
    if (readers === undefined) return {};
    return {
        [METRICS_ROUTER]: {
            entryPoints: [METRICS_ENTRY_POINT],
            rule: "Path(`/metrics`)",
            priority: 1,
            middlewares: [METRICS_READERS],
            service: "prometheus@internal",
        },
    };
}

/** By the address that asks, whoever stands before the proxy otherwise: nobody does here. */
function metricsReaders(readers: readonly string[] | undefined): Record<string, object> {
    return readers === undefined ? {} : { [METRICS_READERS]: { ipAllowList: { sourceRange: readers.toSorted() } } };
}

function through(middlewares: string[]): { middlewares?: string[] } {
    return middlewares.length === 0 ? {} : { middlewares };
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
