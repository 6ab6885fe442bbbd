import Cloudflare from "cloudflare";
import { describe, expect, it } from "vitest";
import { accountId, all, call, clientOf, startEmulator, zoneId } from "./support.ts";

const tunnels = `/accounts/${accountId}/cfd_tunnel`;

describe("credentials", () => {
    const refused: [string, Record<string, string>, number, number][] = [
        ["nothing", {}, 400, 9106],
        ["a header that is no token's", { authorization: "Token x" }, 400, 6003],
        ["a wrong token", { authorization: `Bearer ${"x".repeat(40)}` }, 403, 10000],
        ["a user's key", { "x-auth-email": "a@example.com", "x-auth-key": "k" }, 403, 9103],
    ];
    it.each(refused)("with %s are refused on every path, known or not", async (_, headers, status, code) => {
        await using emulator = await startEmulator();
        for (const path of [tunnels, "/nothing/here"]) {
            expect(await call(emulator, "GET", path, undefined, headers)).toMatchObject({ status, errors: [{ code }] });
        }
        const own = await fetch(new URL("/emulator/snapshot", emulator.apiBaseUrl), { headers });
        expect(own.status).toBe(status);
    });

    it("that ask about a wrong token itself learn that it is invalid", async () => {
        await using emulator = await startEmulator();
        const headers = { authorization: "Bearer wrong" };
        expect(await call(emulator, "GET", "/user/tokens/verify", undefined, headers)).toMatchObject({
            status: 401,
            errors: [{ code: 1000, message: "Invalid API Token" }],
        });
    });

    it("are a random token of 40 characters unless one is given", async () => {
        await using one = await startEmulator();
        await using two = await startEmulator({ apiToken: "t".repeat(40) });
        expect(one.apiToken).toMatch(/^[A-Za-z0-9]{40}$/);
        expect(two.apiToken).toBe("t".repeat(40));
        expect((await call(two, "GET", tunnels)).status).toBe(200);
    });
});

describe("a path", () => {
    it.each([
        ["GET", `/zones/${zoneId}/firewall/rules`],
        ["POST", `/accounts/${accountId}/workers/scripts`],
        ["DELETE", `/accounts/${accountId}/access/organizations`],
    ])("that is not served answers %s %s with an error that names it", async (method, path) => {
        await using emulator = await startEmulator();
        expect(await call(emulator, method, path)).toMatchObject({
            status: 501,
            success: false,
            errors: [{ code: 501, message: expect.stringContaining(`${method} ${path}`) }],
        });
    });

    it.each([
        `/accounts/${accountId}/cfd_tunnel/not-a-uuid`,
        `/zones/${accountId.slice(1)}/dns_records`,
        `/zones/${"c".repeat(32)}/dns_records`,
        `/accounts/${"c".repeat(32)}`,
    ])("with an identifier that cannot be, or that nobody has, cannot be routed: %s", async (path) => {
        await using emulator = await startEmulator();
        expect(await call(emulator, "GET", path)).toMatchObject({
            status: 404,
            errors: [
                { code: 7003, message: `Could not route to ${path}, perhaps your object identifier is invalid?` },
                { code: 7000 },
            ],
        });
    });
});

it("a body that is not JSON is refused as malformed", async () => {
    await using emulator = await startEmulator();
    expect(await call(emulator, "POST", tunnels, "{name:")).toMatchObject({ status: 400, errors: [{ code: 6007 }] });
});

it.each(["page=0", "page=one", "per_page=0", "per_page=1001"])("a page of %s is refused", async (query) => {
    await using emulator = await startEmulator();
    expect((await call(emulator, "GET", `${tunnels}?${query}`)).status).toBe(400);
});

describe("the request log", () => {
    it("keeps what was asked and answered, with every secret masked", async () => {
        const time = new Date("2026-01-01T00:00:00Z");
        await using emulator = await startEmulator({ clock: () => time });
        const secret = Buffer.alloc(32, 7).toString("base64");
        await call(emulator, "POST", tunnels, { name: "edge", tunnel_secret: secret });
        const config = { client_id: "id", client_secret: "hush", nested: [{ private_key: "hush" }] };
        await call(emulator, "POST", `/accounts/${accountId}/access/identity_providers`, {
            name: "g",
            type: "google",
            config,
        });
        await call(emulator, "GET", `${tunnels}?name=edge`);
        const [first, second, third] = emulator.requests;
        expect(first).toMatchObject({
            number: 1,
            time,
            method: "POST",
            path: tunnels,
            status: 200,
            body: { name: "edge", tunnel_secret: "[secret]" },
        });
        expect(second?.body).toMatchObject({
            config: { client_id: "id", client_secret: "[secret]", nested: [{ private_key: "[secret]" }] },
        });
        expect(third).toMatchObject({ path: `${tunnels}?name=edge`, body: undefined, status: 200 });
        expect(third?.durationMs).toBeGreaterThan(0);
        expect(JSON.stringify(emulator.requests)).not.toContain(emulator.apiToken);
    });

    it("keeps the latest requests only", async () => {
        await using emulator = await startEmulator({ requestLogLimit: 3 });
        for (let count = 0; count < 8; count++) {
            await call(emulator, "GET", `${tunnels}?page=${count + 1}`);
        }
        expect(emulator.requests.map(({ number }) => number)).toEqual([6, 7, 8]);
    });
});

it("the rate limit blocks until its window ends, and says for how long", async () => {
    let now = new Date("2026-01-01T00:00:00Z");
    await using emulator = await startEmulator({ rateLimit: { requests: 2, seconds: 300 }, clock: () => now });
    await call(emulator, "GET", tunnels);
    now = new Date("2026-01-01T00:00:10Z");
    await call(emulator, "GET", tunnels);
    const blocked = await call(emulator, "GET", tunnels);
    expect(blocked).toMatchObject({
        status: 429,
        errors: [{ message: expect.stringContaining("More than 2 requests per 300 seconds reached") }],
    });
    expect(blocked.headers.get("retry-after")).toBe("290");
    now = new Date("2026-01-01T00:05:00Z");
    expect((await call(emulator, "GET", tunnels)).status).toBe(200);
});

describe("a fault", () => {
    it("answers with its status so often as it was told to, and only what matches", async () => {
        await using emulator = await startEmulator();
        const outcome = { kind: "status", status: 503, code: 1234, message: "Down" } as const;
        emulator.faults.add({ method: "POST", path: "/accounts/*/cfd_tunnel", outcome, times: 2 });
        expect((await call(emulator, "GET", tunnels)).status).toBe(200);
        for (const name of ["a", "b"]) {
            expect(await call(emulator, "POST", tunnels, { name })).toMatchObject({
                status: 503,
                success: false,
                errors: [{ code: 1234, message: "Down" }],
            });
        }
        expect((await call(emulator, "POST", tunnels, { name: "c" })).status).toBe(200);
        expect((await call(emulator, "GET", tunnels)).result).toHaveLength(1);
        expect(emulator.faults.all()).toMatchObject([{ struck: 2, times: 2 }]);
    });

    it("of 429 tells clients when to come back, and they do", async () => {
        await using emulator = await startEmulator();
        emulator.faults.add({ path: "/**", outcome: { kind: "status", status: 429, retryAfterMs: 1 }, times: 2 });
        const client = new Cloudflare({ baseURL: emulator.apiBaseUrl, apiToken: emulator.apiToken, maxRetries: 2 });
        expect(await all(client.zones.list())).toHaveLength(1);
        expect(emulator.requests.map(({ status }) => status).slice(0, 3)).toEqual([429, 429, 200]);
    });

    it("after the request leaves the change made and the client in the dark", async () => {
        await using emulator = await startEmulator();
        emulator.faults.add({ method: "POST", path: "/**", outcome: { kind: "drop" }, when: "after", times: 1 });
        await expect(call(emulator, "POST", tunnels, { name: "edge" })).rejects.toThrow("fetch failed");
        expect((await call(emulator, "GET", tunnels)).result).toMatchObject([{ name: "edge" }]);
        expect(emulator.requests[0]).toMatchObject({ method: "POST", status: 0 });
    });

    it("that drops the connection before the request leaves nothing changed", async () => {
        await using emulator = await startEmulator();
        const number = emulator.faults.add({ method: "POST", path: "/**", outcome: { kind: "drop" } });
        await expect(call(emulator, "POST", tunnels, { name: "edge" })).rejects.toThrow("fetch failed");
        expect((await call(emulator, "GET", tunnels)).result).toEqual([]);
        expect(emulator.faults.remove(number)).toBe(true);
        expect(emulator.faults.remove(number)).toBe(false);
        expect((await call(emulator, "POST", tunnels, { name: "edge" })).status).toBe(200);
    });

    it("of delay holds the answer back, and not for longer than the emulator lives", async () => {
        const emulator = await startEmulator();
        emulator.faults.add({ path: "/zones", outcome: { kind: "delay", ms: 30 }, times: 1 });
        await call(emulator, "GET", "/zones");
        expect(emulator.requests[0]?.durationMs).toBeGreaterThanOrEqual(29);
        emulator.faults.add({ path: "/zones", outcome: { kind: "delay", ms: 3_600_000 } });
        const held = expect(call(emulator, "GET", "/zones")).rejects.toThrow("fetch failed");
        await call(emulator, "GET", "/accounts");
        await emulator[Symbol.asyncDispose]();
        await held;
        expect(emulator.requests.at(-1)).toMatchObject({ path: "/zones", status: 0 });
    });

    it("with a probability strikes the same requests with the same seed", async () => {
        const struck = async (faultSeed: number): Promise<number[]> => {
            await using emulator = await startEmulator({ faultSeed });
            emulator.faults.add({ path: "/zones", outcome: { kind: "status", status: 500 }, probability: 0.5 });
            for (let count = 0; count < 40; count++) {
                await call(emulator, "GET", "/zones");
            }
            return emulator.requests.map(({ status }) => status);
        };
        const first = await struck(1);
        expect(await struck(1)).toEqual(first);
        expect(await struck(2)).not.toEqual(first);
        const count = first.filter((status) => status === 500).length;
        expect(count).toBeGreaterThan(8);
        expect(count).toBeLessThan(32);
    });

    it.each([
        ["/accounts/*/cfd_tunnel", tunnels, true],
        ["/accounts/*/cfd_tunnel", `${tunnels}/x`, false],
        ["/accounts/*/cfd_tunnel/**", tunnels, true],
        ["/accounts/*/cfd_tunnel/**", `${tunnels}/x/token`, true],
        ["/accounts/*/cfd_tunnel/**", `${tunnels}s`, false],
        ["/**/token", `${tunnels}/x/token`, true],
        ["/zones.list", "/zones_list", false],
    ])("on %s and the request %s: strikes is %s", async (pattern, path, strikes) => {
        await using emulator = await startEmulator();
        emulator.faults.add({ path: pattern, outcome: { kind: "status", status: 418 } });
        expect((await call(emulator, "GET", path)).status === 418).toBe(strikes);
    });
});

describe("the emulator's own interface", () => {
    const own = async (
        emulator: Awaited<ReturnType<typeof startEmulator>>,
        method: string,
        path: string,
        body?: unknown,
    ) => {
        const response = await fetch(new URL(`/emulator${path}`, emulator.apiBaseUrl), {
            method,
            headers: { authorization: `Bearer ${emulator.apiToken}` },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        // biome-ignore lint/suspicious/noExplicitAny: results differ from path to path.
        return { status: response.status, ...((await response.json()) as { result: any; errors: any }) };
    };

    it("tells health, resets, and takes and gives snapshots", async () => {
        await using emulator = await startEmulator();
        expect((await own(emulator, "GET", "/health")).result).toEqual({ ok: true, accountId });
        await call(emulator, "POST", tunnels, { name: "edge" });
        const { result: snapshot } = await own(emulator, "GET", "/snapshot");
        await own(emulator, "POST", "/reset");
        expect((await call(emulator, "GET", tunnels)).result).toEqual([]);
        expect((await own(emulator, "PUT", "/snapshot", snapshot)).status).toBe(200);
        expect((await call(emulator, "GET", tunnels)).result).toMatchObject([{ name: "edge" }]);
        expect(await own(emulator, "PUT", "/snapshot", { some: "thing" })).toMatchObject({ status: 400 });
        expect((await call(emulator, "GET", tunnels)).result).toMatchObject([{ name: "edge" }]);
    });

    it("switches faults on and off, and is never struck by them", async () => {
        await using emulator = await startEmulator();
        const fault = { path: "/**", outcome: { kind: "status", status: 500 } };
        const { result } = await own(emulator, "POST", "/faults", fault);
        expect((await call(emulator, "GET", tunnels)).status).toBe(500);
        expect((await own(emulator, "GET", "/faults")).result).toMatchObject([{ id: result.id, struck: 1 }]);
        expect((await own(emulator, "DELETE", `/faults/${result.id}`)).status).toBe(200);
        expect((await own(emulator, "DELETE", `/faults/${result.id}`)).status).toBe(404);
        await own(emulator, "POST", "/faults", fault);
        await own(emulator, "DELETE", "/faults");
        expect((await call(emulator, "GET", tunnels)).status).toBe(200);
        const wrong = await own(emulator, "POST", "/faults", { path: "zones", outcome: { kind: "melt" } });
        expect(wrong.status).toBe(400);
        expect(wrong.errors.map(({ source }: { source?: { pointer: string } }) => source?.pointer)).toEqual([
            "/path",
            "/outcome/kind",
        ]);
    });

    it("shows and empties the request log, which it is not part of", async () => {
        await using emulator = await startEmulator();
        await call(emulator, "GET", tunnels);
        expect((await own(emulator, "GET", "/requests")).result).toMatchObject([{ method: "GET", path: tunnels }]);
        await own(emulator, "DELETE", "/requests");
        expect((await own(emulator, "GET", "/requests")).result).toEqual([]);
    });
});

it("Cloudflare's own client reads the emulator's errors", async () => {
    await using emulator = await startEmulator();
    const attempt = clientOf(emulator).zones.create({ name: "not a domain", account: { id: accountId } });
    await expect(attempt).rejects.toMatchObject({
        status: 400,
        errors: [
            {
                code: 10001,
                source: { pointer: "/name" },
                message: expect.stringContaining("name: is not a domain name"),
            },
        ],
    });
});
