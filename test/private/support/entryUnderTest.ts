import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { PrivateNetworkEntry, type PrivateTimeouts, TunnelEdge } from "../../../emulator/edge/index.ts";
import { CloudflareEmulator } from "../../../emulator/index.ts";
import { FakeConnector } from "../../edge/support/fakeConnector.ts";
import { accountId, call } from "../../emulator/support.ts";
import { type Attempt, type Login, reach } from "./socksClient.ts";

const SECRET = Buffer.alloc(32, 7);

export type Serve = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/** Connects, and sends back what comes. */
export const echo: Serve = (stream) => {
    stream.respond({ ":status": 200 });
    stream.pipe(stream);
};

/**
 * The way into the private networks of an emulated account, with a connector that is none of cloudflared's: 10.20.0.0/16 and `fd00:20::/48` lead
 * to it, 10.30.0.0/16 to a tunnel without a connector. Ada has a device.
 */
export class EntryUnderTest implements AsyncDisposable {
    readonly emulator: CloudflareEmulator;
    readonly entry: PrivateNetworkEntry;
    readonly ada: Login;
    readonly #edge: TunnelEdge;
    #tunnelId = "";
    readonly #parts: AsyncDisposableStack;

    static async start(timeouts?: Partial<PrivateTimeouts>): Promise<EntryUnderTest> {
        await using parts = new AsyncDisposableStack();
        const emulator = parts.use(await CloudflareEmulator.start({ accountId }));
        const edge = parts.use(await TunnelEdge.start({ addresses: ["127.0.0.1:0"], directory: emulator.directory }));
        const entry = parts.use(
            await PrivateNetworkEntry.start({
                address: "127.0.0.1:0",
                directory: emulator.privateNetwork,
                tunnelEdge: edge,
                timeouts,
            }),
        );
        emulator.attachPrivateConnections(entry);
        const made = await control(emulator, "POST", "/devices", { name: "ada-laptop", email: "ada@example.com" });
        const ada = { username: "ada-laptop", password: made.result.secret };
        const under = new EntryUnderTest(emulator, edge, entry, ada, parts.move());
        const tunnel = { config_src: "cloudflare", tunnel_secret: SECRET.toString("base64") };
        const { id: tunnel_id } = await under.create("cfd_tunnel", { ...tunnel, name: "office" });
        const { id: idle } = await under.create("cfd_tunnel", { ...tunnel, name: "idle" });
        await under.create("teamnet/routes", { network: "10.20.0.0/16", tunnel_id });
        await under.create("teamnet/routes", { network: "fd00:20::/48", tunnel_id });
        await under.create("zerotrust/routes/hostname", { hostname: "wiki.internal.example", tunnel_id });
        await under.create("teamnet/routes", { network: "10.30.0.0/16", tunnel_id: idle });
        under.#tunnelId = tunnel_id;
        return under;
    }

    private constructor(
        emulator: CloudflareEmulator,
        edge: TunnelEdge,
        entry: PrivateNetworkEntry,
        ada: Login,
        parts: AsyncDisposableStack,
    ) {
        this.emulator = emulator;
        this.#edge = edge;
        this.entry = entry;
        this.ada = ada;
        this.#parts = parts;
    }

    /** Makes an object in the account. */
    async create(path: string, body: unknown) {
        const { result, errors } = await call(this.emulator, "POST", `/accounts/${accountId}/${path}`, body);
        if (errors.length > 0) {
            throw new Error(`${path}: ${JSON.stringify(errors)}`);
        }
        return result;
    }

    /** One more connection of the tunnel's connector. */
    async connect(serve: Serve, connIndex = 0): Promise<FakeConnector> {
        const connected = new Promise((resolve) => this.#edge.on("connected", resolve));
        const request = { accountTag: accountId, tunnelId: this.#tunnelId, tunnelSecret: SECRET, connIndex };
        const endpoint = { address: this.#edge.addresses[0] ?? "", caPem: this.#edge.caPem };
        const connector = this.#parts.use(await FakeConnector.connect(endpoint, { serve, request }));
        await connected;
        return connector;
    }

    /** Goes in as Ada. */
    reach(host: string, port = 5432): Promise<Attempt> {
        return reach(this.entry.address, this.ada, host, port);
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

/** A request to the emulator's own interface. */
export async function control(emulator: CloudflareEmulator, method: string, path: string, body?: unknown) {
    const answer = await fetch(new URL(`/emulator${path}`, emulator.apiBaseUrl), {
        method,
        headers: { authorization: `Bearer ${emulator.apiToken}` },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: what a result holds differs with each path; tests say what they expect.
    const envelope = (await answer.json()) as { result: any; errors: { message: string }[] };
    return { status: answer.status, ...envelope };
}
