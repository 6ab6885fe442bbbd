import { isIPv6 } from "node:net";

/** Schemes that cloudflared proxies to an origin (cloudflared, `ingress/origin_service.go`). */
const HTTP_SCHEMES = ["http", "https", "ws", "wss"];
const STREAM_SCHEMES = ["tcp", "ssh", "rdp", "smb"];
const SOCKET_SCHEMES = ["unix", "unix+tls"];

/** Services that cloudflared knows and that we refuse, with what they do. */
const REFUSED: Readonly<Record<string, string>> = {
    hello_world: "is cloudflared's own test page",
    "hello-world": "is cloudflared's own test page",
    bastion: "lets a visitor choose any address that the connector can reach",
    "socks-proxy": "lets a visitor choose any address that the connector can reach",
};

/** A host as Docker, DNS or /etc/hosts know it: service names of a Swarm may hold underscores. */
const HOST = /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/** An origin, taken apart. */
export interface OriginService {
    /** `http`, `https`, `ws`, `wss`, `tcp`, `ssh`, `rdp`, `smb`, `unix`, `unix+tls` or `http_status`. */
    scheme: string;
    /** Host without port; empty for sockets and `http_status`. */
    host: string;
    /** TCP port, if written. */
    port?: number;
    /** Socket path or status code. */
    target?: string;
}

/**
 * Says what is wrong with the origin of an ingress rule, or nothing.
 *
 * Forms: `http://grafana:3000`, `https://traefik:443`, `ws://…`, `wss://…`, `tcp://postgres:5432`, `ssh://host`, `rdp://host`,
 * `smb://host`, `unix:/run/app.sock`, `unix+tls:/run/app.sock` and `http_status:404`. A path is refused because cloudflared
 * refuses it; `bastion` and `socks-proxy` because a visitor would choose the destination.
 */
export function serviceProblem(service: string): string | undefined {
    const parsed = parse(service);
    return typeof parsed === "string" ? parsed : undefined;
}

/** Takes an origin apart; `undefined` if {@link serviceProblem} has something to say about it. */
export function parseService(service: string): OriginService | undefined {
    const parsed = parse(service);
    return typeof parsed === "string" ? undefined : parsed;
}

/** Whether the connector speaks TLS to this origin. */
export function usesTls(service: string): boolean {
    return /^(https|wss|unix\+tls):/.test(service);
}

function parse(service: string): OriginService | string {
    const quoted = JSON.stringify(service);
    if (service === "") return 'is empty. Write an origin such as "http://grafana:3000".';
    const refused = REFUSED[service];
    if (refused !== undefined) return `${quoted} ${refused}. Write an origin such as "http://grafana:3000".`;
    const scheme = /^([A-Za-z][A-Za-z0-9+._-]*):/.exec(service)?.[1] ?? "";
    const rest = service.slice(scheme.length + 1);
    if (scheme === "http_status") return parseStatus(quoted, rest);
    if (SOCKET_SCHEMES.includes(scheme)) return parseSocket(quoted, scheme, rest);
    if (rest.startsWith("//") && [...HTTP_SCHEMES, ...STREAM_SCHEMES].includes(scheme)) {
        return parseAddress(quoted, scheme, rest.slice(2));
    }
    if (scheme === "" || !rest.startsWith("//")) {
        return `${quoted} has no scheme. Write it before the host, such as "http://${service}".`;
    }
    const known = [...HTTP_SCHEMES, ...STREAM_SCHEMES, ...SOCKET_SCHEMES, "http_status"].join(", ");
    return `${quoted} has the unknown scheme "${scheme}". Write one of ${known}.`;
}

function parseStatus(quoted: string, code: string): OriginService | string {
    const known = /^[0-9]{3}$/.test(code) && Number(code) >= 100;
    if (!known) return `${quoted} has no status code between 100 and 999. Write one such as "http_status:404".`;
    return { scheme: "http_status", host: "", target: code };
}

function parseSocket(quoted: string, scheme: string, path: string): OriginService | string {
    const absolute = path.startsWith("/") && !path.startsWith("//") && path.length > 1;
    if (!absolute) return `${quoted} has no absolute socket path. Write one such as "${scheme}:/run/app.sock".`;
    return { scheme, host: "", target: path };
}

function parseAddress(quoted: string, scheme: string, authority: string): OriginService | string {
    if (/\s/.test(authority)) return `${quoted} contains a space. Write "${scheme}://host:port".`;
    if (authority.includes("@")) {
        return `${quoted} contains user information. Keep credentials out of the origin and write "${scheme}://host:port".`;
    }
    const path = /[/?#]/.exec(authority);
    if (path !== null) {
        const bare = `${scheme}://${authority.slice(0, path.index)}`;
        return `${quoted} contains a path, which cloudflared refuses. Write ${JSON.stringify(bare)}.`;
    }
    const match = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority);
    const [, host = "", port] = match ?? [];
    if (host === "") return `${quoted} has no host. Write "${scheme}://host:port".`;
    if (!isHost(host)) {
        return `${quoted} has the host ${JSON.stringify(host)}. Write a host name, an IPv4 address or an IPv6 address in brackets.`;
    }
    // cloudflared's own default for tcp:// is 7864, which nobody means.
    if (port === undefined && scheme === "tcp")
        return `${quoted} has no port. Write one, such as "tcp://${host}:5432".`;
    if (port !== undefined && portProblem(port) !== undefined) {
        return `${quoted} has the port ${JSON.stringify(port)}. Write a port between 1 and 65535.`;
    }
    return { scheme, host, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** Says what is wrong with the host of an origin, without scheme and port, or nothing. */
export function originHostProblem(host: string): string | undefined {
    if (isHost(host)) return undefined;
    return `${JSON.stringify(host)} is not a host. Write a host name, an IPv4 address or an IPv6 address in brackets, without scheme and port.`;
}

function isHost(host: string): boolean {
    return host.startsWith("[") ? isIPv6(host.slice(1, -1)) && host.endsWith("]") : HOST.test(host);
}

/** Says what is wrong with a TCP port, as a number or as text, or nothing. */
export function portProblem(port: number | string): string | undefined {
    const known = /^[1-9][0-9]{0,4}$/.test(String(port)) && Number(port) <= 65535;
    return known ? undefined : `${JSON.stringify(port)} is not a port. Write a whole number between 1 and 65535.`;
}
