import { setTimeout as delay } from "node:timers/promises";
import { CloudflaredProcess } from "../../../test/edge/support/cloudflaredProcess.ts";
import { ensureTool, silentProgress } from "../../../toolchain/index.ts";
import { type Carried, type EdgeDescription, type EdgeInput, HOSTNAME } from "./description.ts";
import { Client } from "./load.ts";
import { BenchProcess } from "./process.ts";
import { TRAEFIK_NAME, type Traefik } from "./traefik.ts";

/** As many as cloudflared opens in production. */
const CONNECTIONS = 4;
const START_LIMIT_MS = 30_000;

/** A client, an edge in a process of its own, and a real connector, in front of Traefik. */
export class EdgePath implements AsyncDisposable {
    readonly client: Client;
    readonly edge: BenchProcess<EdgeDescription>;
    readonly #parts: AsyncDisposableStack;

    /** @param program the edge: `ourEdge.ts` or `bareEdge.ts`. */
    static async start(program: string, traefik: Traefik, carried?: Carried): Promise<EdgePath> {
        await using parts = new AsyncDisposableStack();
        const input: EdgeInput = {
            service: `https://127.0.0.1:${traefik.port}`,
            originRequest: { caPool: traefik.caFile, originServerName: TRAEFIK_NAME },
            carried,
        };
        const edge = parts.use(await BenchProcess.start<EdgeDescription>(program, input));
        const { connectors, caPem, accountTag, tunnelId, tunnelSecret, port, credentials } = edge.description;
        const connector = parts.use(
            await CloudflaredProcess.start({
                path: (await ensureTool("cloudflared", { progress: silentProgress })).path,
                edge: Array(CONNECTIONS).fill(connectors),
                caPem,
                accountTag,
                tunnelId,
                secret: Buffer.from(tunnelSecret, "base64"),
            }),
        );
        await untilConnected(connector);
        const client = parts.use(new Client({ port, serverName: HOSTNAME, hostname: HOSTNAME, caPem, credentials }));
        return new EdgePath(client, edge, parts.move());
    }

    /** What the edge adds to a request on its way to the service, and to the answer on its way back. */
    async carried(): Promise<Carried> {
        const { credentials } = this.edge.description;
        const { received, headers } = await this.client.echo();
        const isOfTheEdge = ([name]: [string, unknown]) => /^(cf-|cdn-loop$|x-forwarded-(for|proto)$)/.test(name);
        return {
            credentials,
            toOrigin: Object.fromEntries(Object.entries(received).filter(isOfTheEdge)),
            toClient: {
                "set-cookie": headers["set-cookie"] ?? [],
                "cf-ray": String(headers["cf-ray"]),
                server: "cloudflare",
            },
        };
    }

    private constructor(client: Client, edge: BenchProcess<EdgeDescription>, parts: AsyncDisposableStack) {
        this.client = client;
        this.edge = edge;
        this.#parts = parts;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

/** Waits for all connections, and for the configuration that follows the first. */
async function untilConnected({ log }: CloudflaredProcess): Promise<void> {
    const deadline = Date.now() + START_LIMIT_MS;
    const lines = (text: string) => log.filter((line) => line.includes(text)).length;
    while (lines("Registered tunnel connection") < CONNECTIONS || lines("Updated to new configuration") === 0) {
        if (Date.now() > deadline) {
            throw new Error(`cloudflared did not connect:\n${log.join("\n")}`);
        }
        await delay(50);
    }
}
