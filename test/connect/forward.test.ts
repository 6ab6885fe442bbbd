import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { ServiceToken } from "../../cli/connect/credentials.ts";
import { Forward, type ForwardEvent } from "../../cli/connect/forward.ts";
import { listenNear } from "../../cli/connect/localPorts.ts";

const executable = join(import.meta.dirname, "support", "fakeCloudflared.mjs");

/** A forward in front of the fake, with what it told. */
async function open(token: () => ServiceToken | undefined = () => undefined) {
    const server = await listenNear({});
    if (server === undefined) {
        throw new Error("no free port");
    }
    const events: ForwardEvent[] = [];
    const forward = new Forward({
        ...{ server, executable, token, host: "db.example.com", env: {}, backOffMs: [1] },
        onEvent: (event) => events.push(event),
    });
    return { forward, events, [Symbol.asyncDispose]: () => forward[Symbol.asyncDispose]() };
}

/** Sends a word through the port on a connection of its own. */
async function client(port: number) {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return {
        socket,
        async say(word: string) {
            socket.write(word);
            return JSON.parse(String((await once(socket, "data"))[0])) as { pid: number; args: string[]; id?: string };
        },
        [Symbol.asyncDispose]: () => gone(socket),
    };
}

async function gone(socket: Socket): Promise<void> {
    if (!socket.closed) {
        socket.destroy();
        await once(socket, "close");
    }
}

/** Resolves when the other end has closed the connection, in order or not. */
function broken(socket: Socket): Promise<void> {
    socket.on("error", () => {});
    return new Promise((resolve) => socket.once("close", () => resolve()));
}

const isRunning = (pid: number) => {
    try {
        return process.kill(pid, 0);
    } catch {
        return false;
    }
};

describe("a local port", () => {
    it("leads through cloudflared to the hostname, with the service token in no argument", async () => {
        vi.stubEnv("CF_ACCESS_CLIENT_SECRET", "other");
        await using opened = await open(() => ({ clientId: "id.access", clientSecret: "secret" }));
        await using one = await client(opened.forward.port);
        const seen = await one.say("who");
        expect(seen.args.slice(0, 5)).toEqual(["access", "tcp", "--hostname", "db.example.com", "--url"]);
        expect(JSON.stringify(seen.args)).not.toContain("secret");
        expect(seen).toMatchObject({ id: "id.access" });
        expect(seen).not.toHaveProperty("other");
    });

    it("stays when cloudflared ends: the reason is told, and the next client is served by a new one", async () => {
        await using opened = await open();
        const { forward, events } = opened;
        await using first = await client(forward.port);
        const { pid } = await first.say("who");
        const over = broken(first.socket);
        first.socket.write("crash");
        await over;
        const reason = "exit code 7: 2026-01-01T00:00:00Z ERR out of order";
        await vi.waitFor(() => expect(events).toContainEqual({ kind: "restarting", afterMs: 1, reason }));
        await using second = await client(forward.port);
        expect((await second.say("who")).pid).not.toBe(pid);
    });

    it("counts its clients, and tells why a connection came to nothing", async () => {
        await using opened = await open();
        const { forward, events } = opened;
        await using first = await client(forward.port);
        await first.say("who");
        const over = broken(first.socket);
        first.socket.write("refuse");
        await over;
        await vi.waitFor(() => expect(events).toContainEqual({ kind: "failed", error: "no route" }));
        await vi.waitFor(() =>
            expect(events.filter(({ kind }) => kind === "clients")).toEqual([
                { kind: "clients", count: 1 },
                { kind: "clients", count: 0 },
            ]),
        );
    });

    it("takes up a new service token for new clients, while the old clients stay connected", async () => {
        let token = { clientId: "old.access", clientSecret: "a" };
        await using opened = await open(() => token);
        const { forward, events } = opened;
        await using before = await client(forward.port);
        const { pid: oldPid } = await before.say("who");
        token = { clientId: "new.access", clientSecret: "b" };
        await using after = await client(forward.port);
        expect(await after.say("who")).toMatchObject({ id: "new.access" });
        expect(events).toContainEqual({ kind: "rotated" });
        expect(await before.say("who")).toMatchObject({ id: "old.access", pid: oldPid });
        await gone(before.socket);
        await vi.waitFor(() => expect(isRunning(oldPid)).toBe(false));
        expect(await after.say("who")).toMatchObject({ id: "new.access" });
    });

    it("goes on with the old service token while the new one cannot be read", async () => {
        let token = (): ServiceToken => ({ clientId: "old.access", clientSecret: "a" });
        await using opened = await open(() => token());
        token = () => {
            throw new Error("half written");
        };
        await using one = await client(opened.forward.port);
        expect(await one.say("who")).toMatchObject({ id: "old.access" });
        expect(opened.events).toContainEqual({ kind: "failed", error: "half written" });
    });

    it("ends the connections that there are when it is asked to, and serves whoever comes back", async () => {
        await using opened = await open();
        const { forward } = opened;
        await using before = await client(forward.port);
        await before.say("who");
        const over = broken(before.socket);
        forward.endClients();
        await over;
        await using after = await client(forward.port);
        expect(await after.say("who")).toHaveProperty("pid");
    });

    it("tells a client that waits in vain why, in its own protocol, and leaves alone who was answered", async () => {
        await using opened = await open();
        const { forward } = opened;
        await using answered = await client(forward.port);
        await answered.say("who");
        await using waiting = await client(forward.port);
        await vi.waitFor(() => expect(opened.events).toContainEqual({ kind: "clients", count: 2 }));
        forward.refuseWaiting(60_000, Buffer.from("too early"));
        const over = broken(waiting.socket);
        const told = once(waiting.socket, "data");
        vi.spyOn(performance, "now").mockReturnValue(performance.now() + 61_000);
        forward.refuseWaiting(60_000, Buffer.from("nobody is there"));
        expect(String((await told)[0])).toBe("nobody is there");
        await over;
        expect(await answered.say("who")).toHaveProperty("pid");
    });

    it("is free again afterwards, its clients are gone and so is cloudflared", async () => {
        const opened = await open();
        await using one = await client(opened.forward.port);
        const { pid } = await one.say("who");
        const over = broken(one.socket);
        await opened[Symbol.asyncDispose]();
        await over;
        expect(isRunning(pid)).toBe(false);
        const again = await listenNear({ exact: opened.forward.port });
        expect(again).toBeDefined();
        again?.close();
    });
});
