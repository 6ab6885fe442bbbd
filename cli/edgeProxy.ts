import { readFileSync } from "node:fs";
import { ConnectProxy } from "../emulator/edge/connectProxy.ts";
import type { EdgeAddress } from "./edgeRequest.ts";

/** The emulated edge, as programs on this machine reach it. */
export interface LocalEdge {
    /** Where it takes requests for hostnames, `host:port` on loopback. */
    readonly address: string;
    /** File with the CA that verifies it, PEM. */
    readonly caFile: string;
}

/** The emulated edge as requests of this process reach it; nothing where the hostname itself leads to Cloudflare's. */
export function localEdge(edge: LocalEdge | undefined): { edge?: EdgeAddress } {
    if (edge === undefined) {
        return {};
    }
    const { hostname, port } = new URL(`tcp://${edge.address}`);
    return { edge: { host: hostname, port: Number(port), caPem: readFileSync(edge.caFile, "utf8") } };
}

/** The way of a cloudflared to the emulated edge, for as long as it is needed. */
export interface EdgeProxy extends AsyncDisposable {
    /** What the program needs in its environment. */
    readonly env: Readonly<Record<string, string>>;
}

/**
 * Leads a cloudflared on this machine to the emulated edge for every name that it asks for (the app, the team's keys, the login), with
 * certificates verified by the edge's CA.
 */
export async function proxyToEdge({ address, caFile }: LocalEdge): Promise<EdgeProxy> {
    const proxy = await ConnectProxy.start({ address: "127.0.0.1:0", target: address });
    const url = `http://${proxy.address}`;
    return {
        // Exceptions of the user's own, which often name localhost, would lead past the edge.
        env: { HTTPS_PROXY: url, https_proxy: url, NO_PROXY: "", no_proxy: "", SSL_CERT_FILE: caFile },
        [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
    };
}
