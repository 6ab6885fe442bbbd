import { describe, expect, it } from "vitest";
import type { CloudflareEmulator, EdgeControls, PublicRequestEvent } from "../../emulator/index.ts";
import { startEmulator } from "./support.ts";

function event(hostname: string, path: string): PublicRequestEvent {
    return {
        ...{ ray: `ray${path}`, time: new Date("2026-01-01T00:00:00Z"), hostname, method: "GET", path, status: 200 },
        ...{ verdict: "allowed", who: "ann@example.com", rule: "staff", durationMs: 3 },
    };
}

/** An edge that nobody asked anything, with no connector. */
const NOBODY: EdgeControls = { requests: [], askAroundAccess: async () => [] };

async function ask(emulator: CloudflareEmulator, path: string, token = emulator.apiToken) {
    const answer = await fetch(new URL(path, emulator.apiBaseUrl), { headers: { authorization: `Bearer ${token}` } });
    return { status: answer.status, body: (await answer.json()) as { result: unknown; errors: unknown } };
}

describe("the requests from outside, asked of the emulator's own interface", () => {
    it("are the last of each hostname, oldest first", async () => {
        await using emulator = await startEmulator();
        const busy = ["/1", "/2", "/3"].map((path) => event("busy.example.com", path));
        emulator.attachEdge({ ...NOBODY, requests: [event("quiet.example.com", "/0"), ...busy] });
        const { status, body } = await ask(emulator, "/emulator/edge/requests?per_hostname=2");
        expect(status).toBe(200);
        expect(body.result).toMatchObject({
            "quiet.example.com": [{ path: "/0", verdict: "allowed", who: "ann@example.com", rule: "staff" }],
            "busy.example.com": [{ path: "/2" }, { path: "/3" }],
        });
    });

    it("take a number from 1 to 1000, and the emulator's token", async () => {
        await using emulator = await startEmulator();
        emulator.attachEdge({ ...NOBODY, requests: [event("quiet.example.com", "/0")] });
        expect((await ask(emulator, "/emulator/edge/requests?per_hostname=0")).status).toBe(400);
        expect((await ask(emulator, "/emulator/edge/requests?per_hostname=all")).status).toBe(400);
        expect((await ask(emulator, "/emulator/edge/requests", "wrong")).status).toBeGreaterThanOrEqual(400);
    });

    it("are not there where no edge runs, which is said", async () => {
        await using emulator = await startEmulator();
        const { status, body } = await ask(emulator, "/emulator/edge/requests");
        expect(status).toBe(404);
        expect(JSON.stringify(body.errors)).toContain("without an edge");
    });
});
