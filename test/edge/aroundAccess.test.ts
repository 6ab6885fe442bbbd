import { describe, expect, it } from "vitest";
import { askAroundAccess } from "../../emulator/edge/public/aroundAccess.ts";
import type { HostnameDirectory } from "../../emulator/hostnameDirectory.ts";
import { REQUEST } from "./support/connectorMessages.ts";
import { EdgeUnderTest, TUNNEL_ID } from "./support/edgeUnderTest.ts";
import { originAnswer } from "./support/publicEdgeUnderTest.ts";

const HOSTNAMES: HostnameDirectory = {
    zoneOf: () => "example.com",
    targetOf: (hostname) =>
        hostname === "app.example.com"
            ? { kind: "tunnel", tunnelId: TUNNEL_ID }
            : { kind: "elsewhere", content: "::1" },
};

describe("the way around Access", () => {
    it("leads to every connector once, with a request that carries no token", async () => {
        await using tunnels = await EdgeUnderTest.start();
        const asked: unknown[] = [];
        await using started = new AsyncDisposableStack();
        const ids = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"];
        for (const [index, id] of [...ids, ...ids].entries()) {
            const { connector } = await tunnels.register({
                request: { connIndex: index, client: { ...REQUEST.client, id } },
                serve: (stream, headers) => {
                    asked.push(headers[":authority"], headers[":path"], headers["cf-access-jwt-assertion"]);
                    stream.respond(id === ids[0] ? originAnswer(403) : originAnswer(200, [["Server", "app"]]));
                    stream.end("body");
                },
            });
            started.use(connector);
        }
        const answers = await askAroundAccess(HOSTNAMES, tunnels.edge, { hostname: "app.example.com", path: "/a" });
        expect(answers.toSorted((a, b) => a.status - b.status)).toEqual([
            { connectorId: ids[1], status: 200, headers: { server: "app" } },
            { connectorId: ids[0], status: 403, headers: {} },
        ]);
        expect(asked).toEqual(["app.example.com", "/a", undefined, "app.example.com", "/a", undefined]);
    });

    it("finds nobody where no connector is connected, and says so where there is no tunnel", async () => {
        await using tunnels = await EdgeUnderTest.start();
        const ask = (hostname: string) => askAroundAccess(HOSTNAMES, tunnels.edge, { hostname, path: "/" });
        expect(await ask("app.example.com")).toEqual([]);
        await expect(ask("www.example.com")).rejects.toThrow("leads to no tunnel");
    });
});
