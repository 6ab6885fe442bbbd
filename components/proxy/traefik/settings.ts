import type * as pulumi from "@pulumi/pulumi";
import type { ProxyLogLevel } from "./logLevel.ts";
import type { ProxyMiddleware } from "./middlewares.ts";
import type { ProxyTlsOptions } from "./tlsOptions.ts";

/** A certificate that the proxy presents. */
export interface ProxyCertificate {
    /** Certificate, then its issuers, in PEM (`chainPem` of a {@link MkcertCertificate}). */
    certPem: pulumi.Input<string>;
    /** Its private key, in PEM; becomes a secret file that only the proxy reads. */
    keyPem: pulumi.Input<string>;
}

/** A host name and the service behind it. */
export interface ProxyRoute {
    /** Name of the router and the service in Traefik: lower-case letters, digits and hyphens. */
    name: string;
    /** Host name that requests carry; `*` may be the whole first label, for one label. */
    hostname: string;
    /**
     * Path that the route serves, with all below it (`/admin`). Every path that no other route of the host name serves if omitted. Where any
     * route has one, the proxy refuses (400) paths with an encoded slash, backslash, percent sign or zero byte: a backend that decodes them could
     * see another route's path.
     */
    path?: string;
    /** Backend: `http://grafana:3000`, `https://vault:8200`, `ws://…` or `wss://…`. */
    service: pulumi.Input<string>;
    /** Name that the backend's certificate must carry, also sent as SNI. The host of `service` if omitted. Only for TLS backends. */
    serverName?: string;
    /** Certificate authority of the backend, in PEM. System roots if omitted. Only for TLS backends. */
    caPem?: pulumi.Input<string>;
    /** Names of `middlewares` that requests go through, in this order. None if omitted. */
    middlewares?: string[];
    /**
     * Name of one of `tlsOptions`. `default` if omitted. All routes of a host name have the same. Only for clients that ask the proxy
     * by the route's own host name: a connector asks by the proxy's, and Traefik refuses (421) what comes in under other options.
     */
    tlsOptions?: string;
}

/** Traefik's dashboard. */
export interface ProxyDashboard {
    /** Host name of its own, which no route has. Put a {@link ZeroTrustApp} before it: the dashboard asks nobody for a name. */
    hostname: string;
    /**
     * Names of `middlewares` that its requests go through, in this order. None if omitted, which a proxy that listens for others than a
     * connector refuses: one of them has to be an `ipAllowList` or a `forwardAuth` there.
     */
    middlewares?: string[];
}

/** Routes from the labels of Docker containers or Swarm services. */
export interface ProxyLabelProvider {
    /**
     * Address of a Docker socket proxy: `tcp://socket-proxy:2375`. Docker's own socket is refused: mounted read-only it
     * still takes every command, and whoever takes over the proxy would own the engine.
     */
    endpoint: string;
    /** Network through which backends are reached. Each one's own label if omitted. */
    network?: string;
    /** Expression that labels must meet, such as "Label(`sallyport.stack`,`prod`)". Everything that enables Traefik if omitted. */
    constraints?: string;
}

/** Figures for Prometheus. */
export interface ProxyMetrics {
    /**
     * Port that serves them under `/metrics`, in clear; never one that is published.
     * 8083 if omitted.
     */
    port?: number;
    /**
     * CIDR ranges that see them, by the address of whoever asks: those of the network that Prometheus is on. Whoever shares a network with the
     * proxy if omitted.
     */
    allowFrom?: pulumi.Input<pulumi.Input<string>[]>;
    /** Whether each router has figures of its own. False if omitted: services and entry points have. */
    byRouter?: boolean;
}

/** Where traces of requests go, by OpenTelemetry's protocol over HTTP. No header is part of a trace. */
export interface ProxyTracing {
    /** Address of the collector: `https://collector:4318/v1/traces`, or `http://…` on a network of its own. */
    endpoint: pulumi.Input<string>;
    /** Certificate authority of the collector, in PEM. System roots if omitted. Only for `https`. */
    caPem?: pulumi.Input<string>;
    /** Percentage of the requests that are traced, a whole number. 100 if omitted: all. */
    samplePercent?: number;
}

/** An address of the machine on which a proxy listens, for networks that have no tunnel. */
export interface ProxyListener {
    /** One address of the machine in a private range, such as `10.20.0.5`. All addresses (`0.0.0.0`, `::`) are refused. */
    address: string;
    /** CIDR ranges inside private ones from which the address may be asked. The firewall rules let nobody else in. */
    allowFrom: string[];
    /** Port for HTTPS. 443 if omitted. */
    httpsPort?: number;
    /** Port for HTTP, which does nothing but redirect to HTTPS. None if omitted. */
    httpPort?: number;
}

/** What a proxy serves and how, wherever it runs. */
export interface ProxySettings {
    /** Certificates to present; a request for a name in none of them is refused. At least one. */
    certificates: ProxyCertificate[];
    /** What the proxy serves, in any order. */
    routes: ProxyRoute[];
    /** The dashboard. Off if omitted. */
    dashboard?: ProxyDashboard;
    /** What requests go through on their way: headers, limits, compression, allow lists, checks. None if omitted. */
    middlewares?: ProxyMiddleware[];
    /** Sets of TLS settings by name; `default` takes the place of the secure one that every route has. None if omitted. */
    tlsOptions?: ProxyTlsOptions[];
    /**
     * CIDR ranges whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: the connector's network. None if omitted. The other
     * forwarding headers (`X-Forwarded-Host`, `X-Real-Ip`, …), which a visitor could have written, are removed then.
     */
    trustedProxies?: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * More dynamic configuration, in Traefik's own YAML, for what has no argument here. It is held against Traefik's own types; what
     * switches a check off, shows an internal service or loads a plugin is refused. None if omitted.
     */
    extraConfiguration?: pulumi.Input<string>;
    /** Whether requests are logged, without any header. True if omitted. */
    accessLog?: boolean;
    /** What the proxy writes to its log. `INFO` if omitted. */
    logLevel?: ProxyLogLevel;
    /** Figures for Prometheus. None if omitted. */
    metrics?: ProxyMetrics;
    /** Traces of requests. None if omitted. */
    tracing?: ProxyTracing;
}
