import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { listen } from "../../../emulator/listen.ts";
import { CommandError, Exit } from "../../exit.ts";
import type { Health } from "./health.ts";
import type { WatchMetrics } from "./metrics.ts";

/** A status server that listens. */
export interface StatusServer extends AsyncDisposable {
    /** `http://127.0.0.1:9464`. */
    readonly url: string;
}

/**
 * Serves `/metrics` (Prometheus), `/healthz` (the process answers) and `/readyz` (it knows the services) on loopback, and nothing else anywhere.
 *
 * @param port any free one where it is 0.
 * @throws CommandError (exit 3) where the port is taken.
 */
export async function startStatusServer(port: number, metrics: WatchMetrics, health: Health): Promise<StatusServer> {
    const app = new Hono()
        .get("/healthz", (context) => context.text("ok\n"))
        .get("/readyz", ({ text }) => {
            const { obstacle } = health;
            return obstacle === undefined ? text("ready\n") : text(`${obstacle}\n`, 503);
        })
        .get("/metrics", async ({ body }) => body(await metrics.text(), 200, { "content-type": metrics.contentType }));
    const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }));
    const bound = await listen(server, port).catch((cause: Error) => {
        throw new CommandError(Exit.failed, `--status-port: ${cause.message}`, undefined, { cause });
    });
    return {
        url: `http://127.0.0.1:${bound}`,
        [Symbol.asyncDispose]: async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await closed;
        },
    };
}
