import type { IncomingMessage, RequestListener } from "node:http";
import { hostname, networkInterfaces } from "node:os";

/** What a request looked like when it arrived, in the fields of traefik/whoami's `/api`. */
interface Seen {
    readonly hostname: string;
    readonly ip: readonly string[];
    readonly remoteAddr: string;
    readonly method: string;
    readonly host: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, readonly string[]>>;
}

/**
 * Answers as traefik/whoami does, so that what shows the demo's page shows the same with and without Docker: the page at every path, `/api` as
 * JSON, `/health` empty.
 */
export const whoami: RequestListener = (request, response) => {
    request.resume();
    const [path] = (request.url ?? "/").split("?");
    response.setHeader("x-content-type-options", "nosniff");
    switch (path) {
        case "/health":
            response.end();
            break;
        case "/api":
            response.setHeader("content-type", "application/json");
            response.end(`${JSON.stringify(describe(request))}\n`);
            break;
        default:
            response.setHeader("content-type", "text/plain; charset=utf-8");
            response.end(page(describe(request), request.httpVersion));
    }
};

function page({ hostname, ip, remoteAddr, method, url, host, headers }: Seen, version: string): string {
    const lines = [
        `Hostname: ${hostname}`,
        ...ip.map((address) => `IP: ${address}`),
        `RemoteAddr: ${remoteAddr}`,
        `${method} ${url} HTTP/${version}`,
        `Host: ${host}`,
        ...Object.entries(headers).flatMap(([name, values]) => values.map((value) => `${name}: ${value}`)),
    ];
    return `${lines.join("\n")}\n`;
}

function describe({ socket, method = "", url = "", headers, headersDistinct }: IncomingMessage): Seen {
    const names = Object.keys(headersDistinct)
        .filter((name) => name !== "host")
        .sort();
    return {
        hostname: hostname(),
        ip: Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address)),
        remoteAddr: `${socket.remoteAddress}:${socket.remotePort}`,
        method,
        host: headers.host ?? "",
        url,
        headers: Object.fromEntries(names.map((name) => [canonical(name), headersDistinct[name] ?? []])),
    };
}

/** As Go writes header names: `cf-ray` is `Cf-Ray`. */
function canonical(name: string): string {
    return name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase());
}
