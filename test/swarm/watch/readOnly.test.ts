import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { engineOf } from "../../../cli/swarm/engineOf.ts";
import { watch } from "../../../cli/swarm/watch/watch.ts";
import { labelledServices } from "../../../stacks/labelledServices.ts";

it("needs of the Docker engine that it reads from what a proxy lets through that allows GET /version, /events, /services and /networks", async () => {
    const asked = new Set<string>();
    const engine = createServer(({ method, url = "" }, response) => {
        const { pathname } = new URL(url, "http://engine");
        asked.add(`${method} ${pathname}`);
        response.setHeader("content-type", "application/json");
        if (pathname === "/events") response.write('{"Type":"service","Action":"create"}\n');
        else response.end(pathname === "/version" ? '{"Version":"29.0.0"}' : "[]");
    }).listen(0, "127.0.0.1");
    await once(engine, "listening");
    onTestFinished(async () => {
        engine.closeAllConnections();
        engine.close();
    });
    const { port } = engine.address() as AddressInfo;

    const docker = await engineOf({ environment: { dockerHost: `tcp://127.0.0.1:${port}` } });
    const stop = new AbortController();
    let listings = 0;
    const over = watch({
        docker,
        signal: stop.signal,
        debounceMs: 1,
        report: () => {},
        watcher: {
            reconcile: async () => {
                await labelledServices(docker);
                listings++;
                return { wanted: [], refused: [] };
            },
        },
    });
    await expect.poll(() => listings).toBeGreaterThan(1);
    stop.abort();
    await over;
    expect([...asked].sort()).toEqual(["GET /events", "GET /networks", "GET /services", "GET /version"]);
});
