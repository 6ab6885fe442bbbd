import { describe, expect, it } from "vitest";
import type { GatePageRequest } from "../../emulator/edge/accessGate.ts";
import { RequestLog } from "../../emulator/edge/public/requestLog.ts";
import { eventStream } from "../../emulator/edge/status/eventStream.ts";
import type { PublicRequestEvent } from "../../emulator/index.ts";
import { readEvent, StatusUnderTest } from "./support/statusUnderTest.ts";

function event(ray: string): PublicRequestEvent {
    return {
        ...{ ray, time: new Date(), hostname: "app.example.com", method: "GET", path: "/", status: 200 },
        ...{ verdict: "allowed", rule: "staff", durationMs: 1 },
    };
}

/** A stream whose pieces are taken one by one, as a client's connection does. */
function streamOf(log: RequestLog, after?: string) {
    const gone = new AbortController();
    const stream = eventStream({
        ...{ log, after, refreshMs: 60_000, signal: gone.signal },
        renderRequest: async ({ ray }) => `<tr>${ray}</tr>`,
        renderOverview: async () => "line 1\nline 2",
    });
    const take = async () => readEvent((await stream.next()).value ?? "");
    return { stream, gone, take };
}

describe("the live status page", () => {
    it("shows each request as soon as it is answered", async () => {
        await using status = await StatusUnderTest.start();
        await status.under.application();
        using watch = await status.watch();
        await watch.next("overview");
        const logged = status.edge.next("request");
        await status.edge.ask({ path: "/live?token=secret" });
        const { ray } = await logged;
        const { id, data } = await watch.next("request");
        expect(id).toBe(ray);
        expect(data).toMatch(/^<tr>[\s\S]*GET \/live<[\s\S]*sent to log in/);
        expect(data).not.toContain("secret");
    });

    it("goes on after the request that the page or the browser has seen last", async () => {
        await using status = await StatusUnderTest.start();
        for (const ray of ["1", "2", "3"]) {
            status.log.add(event(ray));
        }
        using fromPage = await status.watch({ path: "/events?after=1" });
        expect((await fromPage.next("request")).id).toBe("2");
        using again = await status.watch({ path: "/events?after=1", headers: { "last-event-id": "2" } });
        expect((await again.next("request")).id).toBe("3");
        using afterRestart = await status.watch({ path: "/events?after=gone" });
        expect((await afterRestart.next("request")).id).toBe("1");
    });

    it("shows a tunnel that was made in the meantime", async () => {
        await using status = await StatusUnderTest.start({ refreshMs: 5 });
        using watch = await status.watch();
        expect((await watch.next("overview")).data).toContain("No tunnel has been made yet.");
        await status.tunnelFor("app.example.com", "fresh");
        const { data } = await watch.next("overview");
        expect(data).toContain("fresh");
    });

    it("takes so many viewers at a time, and another once one has gone", async () => {
        await using status = await StatusUnderTest.start({ maximumViewers: 1 });
        const open = async (signal: AbortSignal) => {
            const request = { clientIp: "127.0.0.1", method: "GET", path: "/events", query: "", headers: {}, signal };
            return (await status.site.handle(request as unknown as GatePageRequest)).status;
        };
        const gone = new AbortController();
        expect(await open(gone.signal)).toBe(200);
        using second = await status.watch();
        expect(second.status).toBe(503);
        gone.abort();
        using third = await status.watch();
        expect(third.status).toBe(200);
    });
});

describe("a viewer", () => {
    it("that does not read is owed two hundred requests at most, and told how many it missed", async () => {
        const log = new RequestLog();
        const { stream, take } = streamOf(log);
        await take(); // how soon to try again
        expect(await take()).toEqual({ event: "overview", data: "line 1\nline 2" });
        for (let number = 1; number <= 1000; number++) {
            log.add(event(String(number)));
        }
        expect(await take()).toEqual({ event: "missed", data: "800" });
        const ids = [];
        for (let taken = 0; taken < 200; taken++) {
            ids.push((await take()).id);
        }
        expect([ids[0], ids.at(-1)]).toEqual(["801", "1000"]);
        await stream.return(undefined);
    });

    it("that has gone is forgotten", async () => {
        const log = new RequestLog();
        let subscribed = 0;
        const { subscribe } = log;
        log.subscribe = (listener) => {
            subscribed++;
            const end = subscribe.call(log, listener);
            return () => {
                subscribed--;
                end();
            };
        };
        const { stream, gone, take } = streamOf(log);
        await take();
        await take();
        expect(subscribed).toBe(1);
        const last = stream.next();
        gone.abort();
        expect((await last).done).toBe(true);
        expect(subscribed).toBe(0);
    });
});
