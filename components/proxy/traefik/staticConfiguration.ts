/** Ports inside the container: above 1024, so that an unprivileged user can listen on any Docker and kernel. */
export const HTTP_PORT = 8080;
export const HTTPS_PORT = 8443;
const PING_ADDRESS = "127.0.0.1:8082";

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
    entryPoints: { ping: EntryPoint; web: EntryPoint; websecure: EntryPoint };
    providers: { file: FileProvider; swarm?: SwarmProvider };
}

export interface AccessLog {
    format: "json";
    fields: { names: Record<string, "keep" | "drop">; headers: { defaultMode: "keep" | "drop" } };
}

export interface EntryPoint {
    address: string;
    asDefault?: boolean;
    forwardedHeaders?: { insecure: boolean; trustedIPs?: string[] };
    transport?: { lifeCycle: { requestAcceptGraceTimeout: string; graceTimeOut: string } };
    http?: {
        redirections?: { entryPoint: { to: string; scheme: "https"; permanent: boolean } };
        tls?: { options: string };
    };
}

export interface FileProvider {
    filename: string;
    watch: boolean;
}

export interface SwarmProvider {
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
}

/**
 * The static configuration: TLS on the one entry point that routers use, a redirect to it from plain HTTP, and nothing that
 * phones home, trusts a header or answers without a router.
 */
export function staticConfiguration(settings: StaticSettings): StaticConfiguration {
    const { logLevel, accessLog, dashboard, trustedProxies, swarm } = settings;
    const trusted = trustedProxies.length === 0 ? {} : { trustedIPs: trustedProxies.toSorted() };
    const forwardedHeaders = { insecure: false, ...trusted };
    // Requests that the connector sends on kept connections while the task leaves the DNS are still taken.
    const transport = { lifeCycle: { requestAcceptGraceTimeout: "5s", graceTimeOut: "20s" } };
    return {
        global: { checkNewVersion: false, sendAnonymousUsage: false },
        log: { level: logLevel, format: "json" },
        ...(accessLog ? { accessLog: QUIET_ACCESS_LOG } : {}),
        ...(dashboard ? { api: { dashboard: true, insecure: false, debug: false, disableDashboardAd: true } } : {}),
        ping: { entryPoint: "ping" },
        entryPoints: {
            ping: { address: PING_ADDRESS },
            web: {
                address: `:${HTTP_PORT}`,
                forwardedHeaders,
                transport,
                http: { redirections: { entryPoint: { to: "websecure", scheme: "https", permanent: true } } },
            },
            websecure: {
                address: `:${HTTPS_PORT}`,
                asDefault: true,
                forwardedHeaders,
                transport,
                http: { tls: { options: "default" } },
            },
        },
        providers: {
            // A changed file is another Swarm config, hence new tasks: there is nothing to watch.
            file: { filename: DYNAMIC_PATH, watch: false },
            ...(swarm === undefined ? {} : { swarm: { ...swarm, exposedByDefault: false } }),
        },
    };
}

/** No header reaches the log: `Authorization`, cookies, Access tokens and service-token secrets all travel in headers. */
const QUIET_ACCESS_LOG: AccessLog = {
    format: "json",
    fields: { names: { ClientUsername: "drop" }, headers: { defaultMode: "drop" } },
};

/** Seconds that a stopping proxy may take: both graces, and some to close. */
export const STOP_GRACE_SECONDS = 30;
