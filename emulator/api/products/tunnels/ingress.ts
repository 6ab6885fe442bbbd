import ipaddr from "ipaddr.js";
import { z } from "zod";

/**
 * The configuration document, with the properties and the checks of cloudflared itself (`config/configuration.go`,
 * `ingress/ingress.go`): what would fail in the connector is refused here, before it is stored.
 */

// Whole seconds: a connector refuses the whole document for "30s" or 1.5.
const seconds = z.int("is not a whole number; write seconds, for example 30").min(0);

const access = z
    .strictObject({
        required: z.boolean().optional(),
        teamName: z.string().optional(),
        audTag: z.array(z.string()).optional(),
        environment: z.string().optional(),
    })
    .superRefine((value, context) => {
        if (value.required === true && !value.teamName) {
            context.addIssue({ code: "custom", path: ["teamName"], message: "is missing, and `required` is true" });
        }
    });

const originRequest = z.strictObject({
    access: access.optional(),
    bastionMode: z.boolean().optional(),
    caPool: z.string().optional(),
    connectTimeout: seconds.optional(),
    disableChunkedEncoding: z.boolean().optional(),
    http2Origin: z.boolean().optional(),
    httpHostHeader: z.string().optional(),
    ipRules: z
        .array(
            z.strictObject({
                prefix: z.string().optional(),
                ports: z.array(z.int()).optional(),
                allow: z.boolean().optional(),
            }),
        )
        .optional(),
    keepAliveConnections: z.int().min(0).optional(),
    keepAliveTimeout: seconds.optional(),
    matchSNItoHost: z.boolean().optional(),
    noHappyEyeballs: z.boolean().optional(),
    noTLSVerify: z.boolean().optional(),
    originServerName: z.string().optional(),
    proxyAddress: z.string().optional(),
    proxyPort: z.int().min(0).max(65535).optional(),
    proxyType: z.enum(["", "socks"]).optional(),
    tcpKeepAlive: seconds.optional(),
    tlsTimeout: seconds.optional(),
});

const ingressRule = z
    .strictObject({
        hostname: z.string().superRefine(checkHostname).optional(),
        path: z.string().optional(),
        service: z.string().superRefine(checkService),
        originRequest: originRequest.optional(),
    })
    .superRefine(checkIpRules);

/** The body of `PUT …/configurations`. */
export const configurationBody = z.strictObject({
    config: z.strictObject({
        ingress: z.array(ingressRule).optional(),
        originRequest: originRequest.optional(),
        "warp-routing": z
            .strictObject({
                enabled: z.boolean().optional(),
                connectTimeout: seconds.optional(),
                maxActiveFlows: z.int().min(0).optional(),
                tcpKeepAlive: seconds.optional(),
            })
            .optional(),
    }),
    source: z.enum(["local", "cloudflare"]).optional(),
});

export type IngressRule = z.infer<typeof ingressRule>;

/** What is wrong with the order of the rules, in the API's own words; undefined when nothing is. */
export function orderMistake(rules: readonly IngressRule[]): string | undefined {
    const isCatchAll = ({ hostname, path }: IngressRule): boolean =>
        (hostname === undefined || hostname === "" || hostname === "*") && (path === undefined || path === "");
    const last = rules.at(-1);
    if (last !== undefined && !isCatchAll(last)) {
        return "The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)";
    }
    const early = rules.slice(0, -1).findIndex(isCatchAll);
    if (early >= 0) {
        return `Rule #${early + 1} is matching the hostname '', but this will match every hostname, meaning the rules which follow it will never be triggered.`;
    }
    return undefined;
}

function checkHostname(hostname: string, context: z.core.$RefinementCtx<string>): void {
    if (hostname.includes(":")) {
        context.issues.push({ code: "custom", input: hostname, message: "contains a port; write the name alone" });
    }
    if (hostname.lastIndexOf("*") > 0) {
        const message = 'has a wildcard after its start; "*" stands for the whole first label, as in *.example.com';
        context.issues.push({ code: "custom", input: hostname, message });
    }
}

/** Only a free proxy reads them (`ipaccess/access.go`), and one that is wrong fails the whole document. */
function checkIpRules(
    {
        service,
        originRequest: settings,
    }: { service: string; originRequest?: z.infer<typeof originRequest> | undefined },
    context: z.core.$RefinementCtx<unknown>,
): void {
    if (service !== "socks-proxy") return;
    for (const [index, { prefix = "", ports = [] }] of (settings?.ipRules ?? []).entries()) {
        const path = ["originRequest", "ipRules", index];
        const add = (key: string, message: string) =>
            context.issues.push({ code: "custom", input: settings, path: [...path, key], message });
        if (!ipaddr.isValidCIDR(prefix)) add("prefix", "is not a range of addresses, such as 10.0.0.5/32");
        if (ports.some((port) => port < 1 || port > 65_535)) add("ports", "has a port that is not from 1 to 65535");
    }
}

const originSchemes = new Set(["http", "https", "ws", "wss", "tcp", "ssh", "rdp", "smb"]);
const wholeServices = new Set(["hello_world", "hello-world", "bastion", "socks-proxy"]);

function checkService(service: string, context: z.core.$RefinementCtx<string>): void {
    const mistake = serviceMistake(service);
    if (mistake !== undefined) {
        context.issues.push({ code: "custom", input: service, message: mistake });
    }
}

function serviceMistake(service: string): string | undefined {
    if (wholeServices.has(service) || /^unix(\+tls)?:.+/.test(service)) {
        return undefined;
    }
    if (service.startsWith("http_status:")) {
        return /^http_status:[1-9]\d\d$/.test(service)
            ? undefined
            : "has no HTTP status from 100 to 999 after http_status:";
    }
    const scheme = service.split("://")[0];
    if (scheme === undefined || !originSchemes.has(scheme) || !URL.canParse(service)) {
        return "is not an address of an origin; write a scheme and a host, for example https://traefik:443, or http_status:404";
    }
    // tcp:// and its like are not "special" schemes to the URL parser: no path is "" there and "/" for http.
    const { pathname, host } = new URL(service);
    if (host === "") {
        return "has no host";
    }
    return pathname === "" || pathname === "/"
        ? undefined
        : "has a path; an origin is a scheme and a host, the request's own path is passed on";
}
