import { VISITOR_HEADERS } from "./middlewares.ts";

/** Ports inside the container: above 1024, so that an unprivileged user can listen on any Docker and kernel. */
export const HTTP_PORT = 8080;
export const HTTPS_PORT = 8443;
const PING_PORT = 8082;
export const METRICS_PORT = 8083;

export const METRICS_ENTRY_POINT = "metrics";

/** Ports that are taken inside the container, whatever is served. */
export const TAKEN_PORTS: readonly number[] = [HTTP_PORT, PING_PORT, HTTPS_PORT];

/** Where the proxy finds its two files; the first is where `traefik` and `traefik healthcheck` look by themselves. */
export const STATIC_PATH = "/etc/traefik/traefik.yml";
export const DYNAMIC_PATH = "/etc/traefik/dynamic.yml";

/** The part of Traefik v3.6's static configuration that we use (doc.traefik.io/traefik/v3.6/reference/install-configuration). */
export interface StaticConfiguration {
    global: { checkNewVersion: boolean; sendAnonymousUsage: boolean };
    log: { level: string; format: "json" };
    accessLog?: AccessLog;
    api?: { dashboard: boolean; insecure: boolean; debug: boolean; disableDashboardAd: boolean };
    ping: { entryPoint: string };
    metrics?: { prometheus: { entryPoint: string; addRoutersLabels: boolean; manualRouting?: boolean } };
    tracing?: Tracing;
    entryPoints: { ping: EntryPoint; web: EntryPoint; websecure: EntryPoint; metrics?: EntryPoint };
    providers: { file: FileProvider; swarm?: LabelProvider; docker?: LabelProvider };
}

export interface AccessLog {
    format: "json";
    fields: { names: Record<string, "keep" | "drop">; headers: { defaultMode: "keep" | "drop" } };
}

export interface Tracing {
    serviceName: string;
    sampleRate: number;
    otlp: { http: { endpoint: string; tls?: { ca: string } } };
}

export interface EntryPoint {
    address: string;
    asDefault?: boolean;
    forwardedHeaders?: { insecure: boolean; trustedIPs?: string[] };
    transport?: { lifeCycle: { requestAcceptGraceTimeout: string; graceTimeOut: string } };
    http?: {
        redirections?: { entryPoint: { to: string; scheme: "https"; permanent: boolean } };
        middlewares?: string[];
        encodedCharacters?: Record<string, boolean>;
        tls?: { options: string };
    };
}

export interface FileProvider {
    filename: string;
    watch: boolean;
}

export interface LabelProvider {
    endpoint: string;
    exposedByDefault: boolean;
    network?: string;
    constraints?: string;
}

/** What distinguishes one proxy's static configuration from another's. */
export interface StaticSettings {
    logLevel: string;
    accessLog: boolean;
    dashboard: boolean;
    /** CIDR ranges whose `X-Forwarded-*` headers are believed. */
    trustedProxies: readonly string[];
    swarm?: { endpoint: string; network?: string; constraints?: string };
    docker?: { endpoint: string; network?: string; constraints?: string };
    /** Whether paths tell routes apart. */
    separatesPaths?: boolean;
    /** Port to which plain HTTP is redirected, where clients see another than the container's own. */
    publishedHttpsPort?: number;
    /** With `allowFrom` a router of the dynamic configuration leads to them, else one of Traefik's own. */
    metrics?: { port?: number; byRouter?: boolean; allowFrom?: readonly string[] };
    tracing?: { endpoint: string; samplePercent?: number; caFile?: string };
}

/**
 * The static configuration: TLS on the one entry point that routers use, a redirect to it from plain HTTP, and nothing that
 * phones home, trusts a header or answers without a router.
 */
export function staticConfiguration(settings: StaticSettings): StaticConfiguration {
    const { logLevel, accessLog, dashboard, trustedProxies, swarm, docker, metrics, tracing } = settings;
    const isBehindProxy = trustedProxies.length > 0;
    const forwardedHeaders = {
        insecure: false,
        ...(isBehindProxy ? { trustedIPs: trustedProxies.toSorted() } : {}),
    };
    const to = settings.publishedHttpsPort === undefined ? "websecure" : `:${settings.publishedHttpsPort}`;
    // Requests that the connector sends on kept connections while the task leaves the DNS are still taken.
    const transport = { lifeCycle: { requestAcceptGraceTimeout: "5s", graceTimeOut: "20s" } };
    return {
        global: { checkNewVersion: false, sendAnonymousUsage: false },
        log: { level: logLevel, format: "json" },
        ...(accessLog ? { accessLog: QUIET_ACCESS_LOG } : {}),
        ...(dashboard ? { api: { dashboard: true, insecure: false, debug: false, disableDashboardAd: true } } : {}),
        ping: { entryPoint: "ping" },
        ...(metrics === undefined ? {} : { metrics: metricsSection(metrics) }),
        ...(tracing === undefined ? {} : { tracing: tracingSection(tracing) }),
        entryPoints: {
            ping: { address: `127.0.0.1:${PING_PORT}` },
            web: {
                address: `:${HTTP_PORT}`,
                forwardedHeaders,
                transport,
                http: { redirections: { entryPoint: { to, scheme: "https", permanent: true } } },
            },
            websecure: {
                address: `:${HTTPS_PORT}`,
                asDefault: true,
                forwardedHeaders,
                transport,
                http: {
                    ...(isBehindProxy ? { middlewares: [`${VISITOR_HEADERS}@file`] } : {}),
                    ...(settings.separatesPaths === true ? { encodedCharacters: REFUSED_IN_PATHS } : {}),
                    tls: { options: "default" },
                },
            },
            ...(metrics === undefined ? {} : { metrics: { address: `:${metrics.port ?? METRICS_PORT}` } }),
        },
        providers: {
            // A changed file is another Swarm config, hence new tasks: there is nothing to watch.
            file: { filename: DYNAMIC_PATH, watch: false },
            ...(swarm === undefined ? {} : { swarm: { ...swarm, exposedByDefault: false } }),
            ...(docker === undefined ? {} : { docker: { ...docker, exposedByDefault: false } }),
        },
    };
}

function metricsSection({ byRouter = false, allowFrom }: NonNullable<StaticSettings["metrics"]>) {
    const own = allowFrom === undefined ? {} : { manualRouting: true };
    return { prometheus: { entryPoint: METRICS_ENTRY_POINT, addRoutersLabels: byRouter, ...own } };
}

function tracingSection({ endpoint, samplePercent = 100, caFile }: NonNullable<StaticSettings["tracing"]>): Tracing {
    const tls = caFile === undefined ? {} : { tls: { ca: caFile } };
    return { serviceName: "traefik", sampleRate: samplePercent / 100, otlp: { http: { endpoint, ...tls } } };
}

/** What a backend may take for the end or the beginning of a path's part, and Traefik's rules do not (its migration guide, v3.6.7). */
const REFUSED_IN_PATHS = {
    allowEncodedSlash: false,
    allowEncodedBackSlash: false,
    allowEncodedPercent: false,
    allowEncodedNullCharacter: false,
};

/** No header reaches the log: `Authorization`, cookies, Access tokens and service-token secrets all travel in headers. */
const QUIET_ACCESS_LOG: AccessLog = {
    format: "json",
    fields: { names: { ClientUsername: "drop" }, headers: { defaultMode: "drop" } },
};

/** Seconds that a stopping proxy may take: both graces, and some to close. */
export const STOP_GRACE_SECONDS = 30;
