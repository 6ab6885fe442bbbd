import { ConnectProxy } from "../emulator/edge/connectProxy.ts";

/** The emulated edge, as programs on this machine reach it. */
export interface LocalEdge {
    /** Where it takes requests for hostnames, `host:port` on loopback. */
    readonly address: string;
    /** File with the CA that verifies it, PEM. */
    readonly caFile: string;
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
