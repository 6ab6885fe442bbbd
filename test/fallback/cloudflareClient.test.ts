/** The Cloudflare client tries again, waits and fails as the official one does. */
import { describe, expect, it } from "vitest";
import { type ClientOptions, createClient } from "../../toolchain/fallback/providers/cloudflare/client.ts";
import { type Answer, startScriptedServer } from "./support/scriptedServer.ts";

/** Asks once for `zones` against the script; the pauses are kept instead of waited for. */
async function ask(answers: readonly Answer[], options: Partial<ClientOptions> = {}) {
    await using server = await startScriptedServer(answers);
    const pauses: number[] = [];
    const client = createClient({
        baseUrl: server.baseUrl,
        apiToken: "token",
        sleep: async (milliseconds) => pauses.push(milliseconds),
        ...options,
    });
    const outcome = await client.request("GET", "zones").catch((error: Error) => error);
    const text = outcome instanceof Error ? outcome.message.replaceAll(server.baseUrl, "BASE") : undefined;
    return { outcome, text, pauses, asked: server.asked };
}

describe("an answer that may pass", () => {
    it.each([408, 409, 429, 500, 503])("of %i is asked for again", async (status) => {
        const { outcome, asked } = await ask([{ status }, { result: { id: "z" } }]);
        expect(outcome).toEqual({ id: "z" });
        expect(asked).toHaveLength(2);
    });

    it("is given up after ten more tries, with pauses that double up to half a minute", async () => {
        const { text, pauses, asked } = await ask(Array.from({ length: 12 }, () => ({ status: 500 })));
        expect(asked).toHaveLength(11);
        expect(text).toMatch(/^GET "BASE\/zones": 500 Internal Server Error \{/);
        const longest = [2, 4, 8, 16, 30, 30, 30, 30, 30, 30].map((seconds) => seconds * 1000);
        for (const [index, pause] of pauses.entries()) {
            expect(pause).toBeLessThanOrEqual(longest[index] ?? 0);
            expect(pause).toBeGreaterThanOrEqual((longest[index] ?? 0) * 0.75);
        }
    });

    it("that is a broken connection is asked for again", async () => {
        const { outcome, asked } = await ask([{ drop: true }, { result: "ok" }]);
        expect(outcome).toBe("ok");
        expect(asked).toHaveLength(2);
    });
});

describe("the server's wish", () => {
    it.each([
        ["retry-after-ms", "40", 40],
        ["retry-after", "3", 3000],
    ])("in %s is the pause", async (header, value, pause) => {
        const { pauses } = await ask([{ status: 429, headers: { [header]: value } }, {}]);
        expect(pauses).toEqual([pause]);
    });

    it("for a minute or more is not granted", async () => {
        const { pauses } = await ask([{ status: 429, headers: { "retry-after": "60" } }, {}]);
        expect(pauses[0]).toBeLessThanOrEqual(2000);
    });

    it("not to be asked again is respected", async () => {
        const { asked } = await ask([{ status: 409, headers: { "x-should-retry": "false" } }]);
        expect(asked).toHaveLength(1);
    });
});

it("reports an error in the official client's words, at once where it will not pass", async () => {
    const { text, asked } = await ask([{ status: 403 }]);
    expect(asked).toHaveLength(1);
    expect(text).toBe(
        'GET "BASE/zones": 403 Forbidden {"success":false,"errors":[{"code":1000,"message":"no"}],"messages":[],"result":null}',
    );
});

it("sends the token as a bearer, and nothing without one", async () => {
    const { asked } = await ask([{}]);
    expect(asked[0]?.headers.authorization).toBe("Bearer token");
    const without = await ask([{}], { apiToken: undefined });
    expect(without.asked).toEqual([]);
    expect(without.text).toContain("set its argument 'apiToken' or the environment variable CLOUDFLARE_API_TOKEN");
});

it("opens no connection when it is offline", async () => {
    const { text, asked } = await ask([{}], { offline: true });
    expect(asked).toEqual([]);
    expect(text).toBe('GET "BASE/zones": not sent, SALLYPORT_OFFLINE is set');
});

it("stops trying when the run is cancelled", async () => {
    const cancellation = new AbortController();
    const sleep = async () => cancellation.abort(new Error("the run was cancelled"));
    const { text, asked } = await ask([{ status: 500 }, { status: 500 }], { sleep, cancelled: cancellation.signal });
    expect(text).toBe("the run was cancelled");
    expect(asked).toHaveLength(1);
});
