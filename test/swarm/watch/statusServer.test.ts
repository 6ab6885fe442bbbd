import { describe, expect, it } from "vitest";
import { Health } from "../../../cli/swarm/watch/health.ts";
import { WatchMetrics } from "../../../cli/swarm/watch/metrics.ts";
import { startStatusServer } from "../../../cli/swarm/watch/statusServer.ts";

const state = { exposed: 3, refused: 1, violated: 0, failing: 2, waiting: 4, running: 2 };

async function ask(url: string, path: string): Promise<[number, string]> {
    const answer = await fetch(url + path);
    return [answer.status, await answer.text()];
}

describe("the daemon's status", () => {
    it("is alive at once, ready once it has listed the services, and not ready any more when it stops or hears nothing", async () => {
        let now = 0;
        const health = new Health(() => now);
        await using server = await startStatusServer({ port: 0 }, new WatchMetrics(() => state), health);
        expect(await ask(server.url, "/healthz")).toEqual([200, "ok\n"]);
        expect(await ask(server.url, "/readyz")).toEqual([503, "the services have not been listed yet\n"]);
        health.listed();
        expect(await ask(server.url, "/readyz")).toEqual([200, "ready\n"]);
        now = 181_000;
        expect(await ask(server.url, "/readyz")).toEqual([503, "the services were listed 181 s ago\n"]);
        health.listed();
        health.stopping();
        expect(await ask(server.url, "/readyz")).toEqual([503, "stopping\n"]);
    });

    it("counts changes and shows how far exposures are, without a host name or a service's name", async () => {
        const metrics = new WatchMetrics(() => state);
        metrics.told({ event: "exposed", exposure: "shop-1", hostnames: ["shop.example.com"], seconds: 2.5 });
        metrics.told({ event: "exposed", exposure: "blog-2", hostnames: ["blog.example.com"], seconds: 4 });
        metrics.told({ event: "failed", exposure: "shop-1", reason: "500", againInMs: 1_000 });
        metrics.engineEvent();
        const text = await metrics.text();
        const figures = Object.fromEntries(
            text
                .split("\n")
                .filter((line) => line.startsWith("sallyport_swarm_"))
                .map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ")))]),
        );
        expect(figures).toMatchObject({
            'sallyport_swarm_changes_total{event="exposed"}': 2,
            'sallyport_swarm_changes_total{event="failed"}': 1,
            'sallyport_swarm_changes_total{event="violated"}': 0,
            'sallyport_swarm_change_seconds_bucket{le="3",event="exposed"}': 1,
            'sallyport_swarm_change_seconds_sum{event="exposed"}': 6.5,
            sallyport_swarm_engine_events_total: 1,
            sallyport_swarm_exposures: 3,
            sallyport_swarm_services_refused: 1,
            sallyport_swarm_exposures_failing: 2,
            sallyport_swarm_changes_waiting: 4,
            sallyport_swarm_changes_running: 2,
        });
        expect(text).toContain("process_resident_memory_bytes");
        expect(text).not.toMatch(/shop|blog|example/);
    });

    it("is not served in a network that this machine is not in", async () => {
        const metrics = new WatchMetrics(() => state);
        await expect(startStatusServer({ port: 0, network: "10.213.255.0/28" }, metrics, new Health())).rejects.toThrow(
            "--status-network: no address of this machine is in 10.213.255.0/28",
        );
    });

    it.each(["0.0.0.0/0", "10.0.0.0/4", "203.0.113.0/24", "10.0.4.7/24", "127.0.0.0/8", "eth0"])(
        "takes no network that others could be in: %s",
        async (network) => {
            const metrics = new WatchMetrics(() => state);
            await expect(startStatusServer({ port: 0, network }, metrics, new Health())).rejects.toThrow(
                /^--status-network: ".+" (is|has) /,
            );
        },
    );

    it("says which port is taken", async () => {
        const metrics = new WatchMetrics(() => state);
        await using server = await startStatusServer({ port: 0 }, metrics, new Health());
        const port = Number(new URL(server.url).port);
        await expect(startStatusServer({ port }, metrics, new Health())).rejects.toThrow(
            `--status-port: Port ${port} on 127.0.0.1 is in use by another process.`,
        );
    });
});
