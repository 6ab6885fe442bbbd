import type { ProxyCompress, ProxyHeaders, ProxyIpAllowList, ProxyRateLimit } from "../proxy/traefik/middlewares.ts";

/** How a labelled service is spoken to. */
export const LabelScheme = {
    /** Plain HTTP on the service's own network. */
    Http: "http",
    /** HTTP over TLS, with a certificate of the environment's own authority that carries the service's name. */
    Https: "https",
    /** Any protocol over TCP; clients need `sallyport connect` or `cloudflared access tcp`. */
    Tcp: "tcp",
    /** SSH; clients need `sallyport connect` or `cloudflared access ssh`. */
    Ssh: "ssh",
} as const;
export type LabelScheme = (typeof LabelScheme)[keyof typeof LabelScheme];

/** An audience that labels may name. */
export interface LabelAudience {
    /** Name by which labels ask for it. */
    name: string;
    /** The audience's own session, which holds whatever an application says. The application's session holds if omitted. */
    sessionDuration?: string;
}

/**
 * Something that requests may be sent through before a labelled service. Exactly one of the kinds is given. There is none that asks another
 * service: the proxy of a labelled service reaches nobody but that.
 */
export interface LabelMiddleware {
    /** Name by which labels ask for it: lower-case letters, digits and hyphens. */
    name: string;
    /** Writes headers. */
    headers?: ProxyHeaders;
    /** Slows clients down that ask too often. */
    rateLimit?: ProxyRateLimit;
    /** Compresses answers. */
    compress?: ProxyCompress;
    /** Lets certain addresses in alone. */
    ipAllowList?: ProxyIpAllowList;
}

/** What the owner of a stack lets labels of services ask for; nothing a label says goes beyond it. */
export interface LabelRules {
    /** DNS zone of the host names, which are at most one label below it. */
    zone: string;
    /** Host names that labels may claim, as names or patterns: `grafana.example.com`, `*-dev.example.com`. At least one. */
    hostnames: string[];
    /** Audiences that labels may name. At least one. */
    audiences: LabelAudience[];
    /** Names of the services whose labels count, as names or patterns such as `shop_*`. Every service if omitted. */
    services?: string[];
    /** Schemes that labels may ask for. `http` alone if omitted. */
    schemes?: LabelScheme[];
    /** Ports that labels may name. Every port of the labelled service if omitted. */
    ports?: number[];
    /** Longest session that labels may ask for, and the one of a route that asks for none. A day (`24h`) if omitted. */
    maxSession?: string;
    /** What requests may be sent through before a service; labels choose among them and never describe one. None if omitted. */
    middlewares?: LabelMiddleware[];
    /** Host names that belong to the stack itself, so that no label may claim them. None if omitted. */
    reservedHostnames?: string[];
}

/** The session of an application where neither labels nor rules say anything. */
export const DEFAULT_LABEL_SESSION = "24h";
