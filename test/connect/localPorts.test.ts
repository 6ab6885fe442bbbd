import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { listenNear } from "../../cli/connect/localPorts.ts";
import { takePorts } from "../../cli/connect/request.ts";
import { Mistakes } from "../../cli/mistakes.ts";
import { want } from "./support/apps.ts";

/** Takes a port of loopback for as long as the test needs it. */
async function occupy(port = 0) {
    const server = createServer();
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    return {
        port: (server.address() as { port: number }).port,
        [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
}

/** The port that an app would be given whose usual one this is; free again when it is told. */
async function portNear(usual: number): Promise<number> {
    const server = await listenNear({ usual });
    if (server === undefined) {
        throw new Error("no free port");
    }
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    return port;
}

describe("a local port", () => {
    it("is the service's own, above those of the system", () => {
        expect(want(["orders-db", "bastion"]).map(({ usualPort }) => usualPort)).toEqual([5433, 10_022]);
    });

    it("is the next one where the usual one is taken", async () => {
        await using taken = await occupy();
        expect(await portNear(taken.port)).toBeGreaterThan(taken.port);
    });

    it("turns clients away until there is a way to the service", async () => {
        const [server] = (await takePorts(want(["cache"]), new Mistakes())).values();
        const { port } = (server?.address() ?? {}) as { port?: number };
        const client = connect(port ?? 0, "127.0.0.1").resume();
        await new Promise((resolve) => client.once("connect", resolve));
        await new Promise((resolve) => client.on("error", () => {}).once("close", resolve));
        await new Promise((resolve) => server?.close(resolve));
    });

    it("that was asked for is had or refused, with the option that chooses another", async () => {
        await using taken = await occupy();
        const mistakes = new Mistakes();
        const servers = await takePorts(want(["cache", "bastion"], { cache: taken.port }), mistakes);
        expect(servers.size).toBe(1);
        for (const server of servers.values()) {
            server.close();
        }
        expect(() => mistakes.throwIfAny()).toThrow(
            `cache: port ${taken.port} of 127.0.0.1 cannot be had; write another one: --local cache=PORT, or end what listens there`,
        );
    });

    it("that was asked for is not given to a neighbour of another app", async () => {
        await using taken = await occupy();
        const next = await portNear(taken.port);
        const mistakes = new Mistakes();
        const apps = want(["orders-db", "cache"], { cache: next }).map((app) =>
            app.name === "orders-db" ? { ...app, usualPort: taken.port } : app,
        );
        const servers = await takePorts(apps, mistakes);
        const ports = new Map([...servers].map(([{ name }, server]) => [name, server.address()]));
        for (const server of servers.values()) {
            server.close();
        }
        mistakes.throwIfAny();
        expect(ports.get("cache")).toMatchObject({ port: next });
    });
});
