import { DnsRecord } from "@pulumi/cloudflare/dnsRecord.js";
import { ZeroTrustTunnelCloudflaredConfig } from "@pulumi/cloudflare/zeroTrustTunnelCloudflaredConfig.js";
import * as pulumi from "@pulumi/pulumi";
import { orderIngress } from "../internal/ingress.ts";
import { ingressFile } from "./ingressFile.ts";
import { ingressRule } from "./ingressRule.ts";
import { checkIngressArgs } from "./ingressValidation.ts";
import { TunnelManagement } from "./management.ts";

/** What the connector does when it speaks to an origin. Omitted settings keep cloudflared's defaults. */
export interface OriginRequest {
    /** Name that the origin's certificate must carry, also sent as SNI. The host of `service` if omitted. Only for TLS origins. */
    originServerName?: string;
    /** Take the visitor's host name as SNI and certificate name instead. False if omitted. Only for TLS origins. */
    matchSniToHost?: boolean;
    /** The origin's certificate comes from a public authority, so the sidecar needs no origin CA. False if omitted. Only for TLS origins. */
    publicCa?: boolean;
    /** `Host` that the origin sees. The public host name if omitted. */
    httpHostHeader?: string;
    /** Seconds to reach the origin by TCP. 30 if omitted. */
    connectTimeout?: number;
    /** Seconds for the TLS handshake. 10 if omitted. */
    tlsTimeout?: number;
    /** Seconds between TCP keep-alive packets. 30 if omitted. */
    tcpKeepAlive?: number;
    /** Seconds after which an idle connection is closed. 90 if omitted. */
    keepAliveTimeout?: number;
    /** Idle connections kept open. 100 if omitted. */
    keepAliveConnections?: number;
    /** Speak HTTP/2 to the origin, which must offer TLS. False if omitted. */
    http2Origin?: boolean;
    /** Try one address family after the other instead of both at once. False if omitted. */
    noHappyEyeballs?: boolean;
    /** Send requests with a length instead of in chunks, for WSGI servers. False if omitted. */
    disableChunkedEncoding?: boolean;
    /** The client speaks SOCKS5, and whatever address it asks for, it gets this origin. False if omitted. Only for `tcp`. */
    socks?: boolean;
}

/** A public host name, the origin behind it and the Access application before it. */
export interface IngressRoute {
    /** Public host name; `*` may be the whole first label. */
    hostname: string;
    /** Path that the route serves, with all below it (`/admin`). Every path that no other route of the host name serves if omitted. */
    path?: string;
    /** Origin as the connector reaches it: `http://grafana:3000`, `https://traefik:8443`, `tcp://postgres:5432`, `ssh://host`. */
    service: pulumi.Input<string>;
    /** Audience tag of the Access application that guards the route (`audience` of a {@link ZeroTrustApp}). */
    audience: pulumi.Input<string>;
    /** How the connector speaks to the origin. cloudflared's defaults if omitted. */
    originRequest?: OriginRequest;
}

export interface TunnelIngressArgs {
    /** Account that owns the tunnel: 32 hexadecimal digits. */
    accountId: pulumi.Input<string>;
    /** Zone of the host names: 32 hexadecimal digits. */
    zoneId: pulumi.Input<string>;
    /** UUID of the tunnel ({@link NamedTunnel}). A tunnel has one ingress document, so one `TunnelIngress`. */
    tunnelId: pulumi.Input<string>;
    /** Access team: the first label of `<team>.cloudflareaccess.com`. */
    team: pulumi.Input<string>;
    /** Where the connectors take the rules from, as the {@link NamedTunnel} says. Cloudflare if omitted. */
    management?: TunnelManagement;
    /** Who publishes the names, in at most 81 characters: stands in the comment of each record, for whoever else uses the zone. No name if omitted. */
    publisher?: string;
    /** What the tunnel serves, in any order. */
    routes: IngressRoute[];
}

/**
 * What a tunnel serves: one ordered document of ingress rules, then one DNS record per host name.
 *
 * Every rule demands the token of its Access application from the connector itself (`originRequest.access`), so the origin
 * stays shut even if somebody deletes the application by hand. cloudflared honours that only on the rule, never on the
 * document. Rules stand most specific first, and what none of them matches gets a 404.
 *
 * The rules of a locally managed tunnel are a file instead, which goes to the connectors beside their credentials: what somebody
 * changes in the dashboard does not reach them.
 *
 * A name is published last: its record comes after the document, names the audience tag and so depends on the Access
 * application too. Deletion goes the other way round.
 *
 * @example
 * new TunnelIngress("ingress", {
 *     accountId,
 *     zoneId,
 *     tunnelId: tunnel.tunnelId,
 *     team: "example",
 *     routes: [
 *         { hostname: "grafana.example.com", service: "http://grafana:3000", audience: grafana.audience },
 *         { hostname: "orders-db.example.com", service: "tcp://postgres:5432", audience: ordersDb.audience },
 *     ],
 * });
 */
export class TunnelIngress extends pulumi.ComponentResource {
    /** Published host names, sorted, each once. */
    public readonly hostnames: pulumi.Output<string[]>;
    /** Version of the ingress document, which grows with every change; 0 for a locally managed tunnel. */
    public readonly configVersion: pulumi.Output<number>;
    /** The connectors' own file of a locally managed tunnel, for the sidecar's `configFile`; empty for others. */
    public readonly configFile: pulumi.Output<string>;

    /**
     * @param name Name of the component.
     * @throws pulumi.InputPropertiesError with every mistake in `args`, before anything is registered.
     */
    constructor(name: string, args: TunnelIngressArgs, opts?: pulumi.ComponentResourceOptions) {
        checkIngressArgs(name, args);
        super("sallyport:index:TunnelIngress", name, args, opts);

        const { accountId, zoneId, tunnelId, team } = args;
        const routes = orderIngress(args.routes);
        const ingresses = [...routes.map((route) => ingressRule(route, team)), { service: "http_status:404" }];
        const isLocal = args.management === TunnelManagement.Local;
        const document = isLocal
            ? undefined
            : new ZeroTrustTunnelCloudflaredConfig(
                  `${name}-config`,
                  { accountId, tunnelId, config: { ingresses } },
                  { parent: this },
              );

        const content = pulumi.interpolate`${tunnelId}.cfargotunnel.com`;
        const records = [...Map.groupBy(routes, (route) => route.hostname)].map(
            ([hostname, guarded]) =>
                new DnsRecord(
                    `${name}-${hostname}`,
                    {
                        zoneId,
                        name: hostname,
                        type: "CNAME",
                        content,
                        proxied: true,
                        // 1 means automatic, the only value for a proxied record.
                        ttl: 1,
                        comment: guardComment(
                            guarded.map((route) => route.audience),
                            args.publisher,
                        ),
                    },
                    { parent: this, dependsOn: document === undefined ? [] : [document] },
                ),
        );

        this.hostnames = pulumi.all(records.map((record) => record.name)).apply((names) => names.toSorted());
        this.configVersion = document?.version ?? pulumi.output(0);
        this.configFile = isLocal
            ? pulumi.all([tunnelId, ingresses]).apply(([id, rules]) => ingressFile(id, rules))
            : pulumi.output("");
        this.registerOutputs({
            hostnames: this.hostnames,
            configVersion: this.configVersion,
            configFile: this.configFile,
        });
    }
}

/** Digits of an audience tag by which a person finds the application, where there is no room for all 64. */
const SHORT_TAG = 8;

/**
 * Names the application that guards a record, and makes the record depend on all of its applications. A comment has at most
 * 100 characters, an audience tag has 64: of several tags the first stands for all, and beside a publisher its beginning.
 */
function guardComment(audiences: pulumi.Input<string>[], publisher: string | undefined): pulumi.Output<string> {
    return pulumi.all(audiences).apply(([first = "", ...others]) => {
        const more = others.length === 0 ? "" : ` +${others.length}`;
        return publisher === undefined
            ? `Guarded by Access, aud ${first}${more}`
            : `${publisher}, aud ${first.slice(0, SHORT_TAG)}${more}`;
    });
}
