import { z } from "zod";
import { isWildcard, PROTOCOLS, parseService, protocolOf, TcpProtocol } from "../../components/validation/index.ts";
import type { ConfigIssue } from "./configError.ts";
import type { AppConfig } from "./environment.ts";

/** What an app whose origin speaks TCP may say beyond its host name, service and audience. */
export interface TcpKeys {
    /** What the origin speaks; omitted means that scheme and port of the service tell. */
    protocol?: TcpProtocol;
    /** Whether a terminal or a desktop is shown in the browser; omitted means it is not. */
    browserRendered?: boolean;
    /** Whether Access signs certificates for SSH; omitted means it does. */
    shortLivedCertificates?: boolean;
    /** Port that clients open on loopback; omitted means the origin's own, plus 10000 below 1024. */
    localPort?: number;
}

/** The same as zod checks it, to be spread into an app. */
export const tcpKeys = {
    protocol: z
        .enum(TcpProtocol, { error: `is no protocol. Write one of ${Object.values(TcpProtocol).join(", ")}.` })
        .optional(),
    browserRendered: z.boolean().optional(),
    shortLivedCertificates: z.boolean().optional(),
    localPort: z
        .int()
        .min(1, "is not a port. Write a whole number between 1 and 65535.")
        .max(65_535, "is not a port. Write a whole number between 1 and 65535.")
        .optional(),
};

const STREAMS: ReadonlySet<string> = new Set(Object.values(PROTOCOLS).map(({ scheme }) => scheme));

/** An app's origin and clients, where it speaks TCP; nothing for HTTP and sockets. */
export function tcpOf(app: AppConfig): (TcpKeys & { protocol: TcpProtocol; host: string; port?: number }) | undefined {
    const origin = parseService(app.service);
    if (origin === undefined || !STREAMS.has(origin.scheme)) return undefined;
    const { protocol = protocolOf(origin.scheme, origin.port), browserRendered, shortLivedCertificates } = app;
    return {
        protocol,
        host: origin.host,
        ...(origin.port === undefined ? {} : { port: origin.port }),
        ...(browserRendered === undefined ? {} : { browserRendered }),
        ...(shortLivedCertificates === undefined ? {} : { shortLivedCertificates }),
        ...(app.localPort === undefined ? {} : { localPort: app.localPort }),
    };
}

/** What does not fit an app's origin, by path below the app. */
export function tcpIssues(app: AppConfig): ConfigIssue[] {
    const tcp = tcpOf(app);
    if (tcp === undefined) {
        return (Object.keys(tcpKeys) as (keyof TcpKeys)[])
            .filter((key) => app[key] !== undefined)
            .map((path) => ({ path, reason: `has no meaning for "${app.service}", which is not TCP. Remove it.` }));
    }
    const { protocol } = tcp;
    const { scheme, browser } = PROTOCOLS[protocol];
    const issues: ConfigIssue[] = [];
    const add = (wrong: boolean, path: string, reason: string) => wrong && issues.push({ path, reason });
    add(isWildcard(app.hostname), "hostname", "is a wildcard, and a TCP client names one host. Write one host name.");
    add(app.path !== undefined, "path", "has no meaning for TCP, which has no paths. Remove it.");
    add(
        !app.service.startsWith(`${scheme}:`),
        "protocol",
        `"${protocol}" goes with "${scheme}://". Write "service: ${scheme}://…", or correct the protocol.`,
    );
    add(
        app.browserRendered === true && browser === undefined,
        "browserRendered",
        `is not possible for "${protocol}". Remove it; "ssh" and "vnc" have it.`,
    );
    add(
        app.shortLivedCertificates === true && protocol !== TcpProtocol.Ssh,
        "shortLivedCertificates",
        `is not possible for "${protocol}". Remove it; "ssh" has them.`,
    );
    return issues;
}
