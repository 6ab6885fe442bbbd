import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { isIPv6 } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { ownAddressIn } from "../../../emulator/containerNetwork.ts";
import { listen } from "../../../emulator/listen.ts";
import { privateRangeProblem } from "../../../stacks/config/values.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Health } from "./health.ts";
import type { WatchMetrics } from "./metrics.ts";

/** A status server that listens. */
export interface StatusServer extends AsyncDisposable {
    /** `http://127.0.0.1:9464`. */
    readonly url: string;
}

/** Where the status is served. */
export interface StatusPlaces {
    /** Port on loopback; any free one where it is 0. */
    readonly port: number;
    /**
     * Private range in which this machine, or the container, has an address: it is served there as well, on the same port. For a Docker network on which Prometheus asks. Loopback
     * alone where omitted.
     */
    readonly network?: string | undefined;
}

/**
 * Serves `/metrics` (Prometheus), `/healthz` (the process answers) and `/readyz` (it knows the services).
 *
 * @throws CommandError (exit 3) where the port is taken or no address of this machine is in the range, and (exit 2) where that is not a private one.
 */
export async function startStatusServer(
    { port, network }: StatusPlaces,
    metrics: WatchMetrics,
    health: Health,
): Promise<StatusServer> {
    const app = new Hono()
        .get("/healthz", (context) => context.text("ok\n"))
        .get("/readyz", ({ text }) => {
            const { obstacle } = health;
            return obstacle === undefined ? text("ready\n") : text(`${obstacle}\n`, 503);
        })
        .get("/metrics", async ({ body }) => body(await metrics.text(), 200, { "content-type": metrics.contentType }));
    const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const inNetwork = network === undefined ? undefined : addressIn(network);
    await using servers = new AsyncDisposableStack();
    const loopback = servers.adopt(createServer(answer), close);
    const bound = await listen(loopback, port).catch((cause: Error) => {
        throw new CommandError(Exit.failed, `--status-port: ${cause.message}`, undefined, { cause });
    });
    if (inNetwork !== undefined) servers.adopt(await serveAt(inNetwork, bound, answer), close);
    const running = servers.move();
    return { url: `http://127.0.0.1:${bound}`, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/**
 * This machine's own address in a private range.
 *
 * @throws CommandError (exit 2) where it is not a private range, and (exit 3) where no address is in it.
 */
function addressIn(network: string): string {
    const problem = privateRangeProblem(network);
    if (problem !== undefined) throw new CommandError(Exit.usage, `--status-network: ${problem}`);
    const address = ownAddressIn(network.includes("/") ? network : `${network}/${isIPv6(network) ? 128 : 32}`);
    if (address !== undefined) return address;
    throw new CommandError(
        Exit.failed,
        `--status-network: no address of this machine is in ${network}`,
        "attach the container to the network, or write the network's own range",
    );
}

async function serveAt(address: string, port: number, answer: RequestListener): Promise<Server> {
    const server = createServer(answer);
    server.listen(port, address);
    await once(server, "listening").catch((cause: Error) => {
        throw new CommandError(Exit.failed, `--status-network: ${cause.message}`, undefined, { cause });
    });
    return server;
}

async function close(server: Server): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
}
