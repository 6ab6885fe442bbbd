import { describe, expect, it } from "vitest";
import { lastAuthors } from "../../cli/drift/authors.ts";
import { withAuthors } from "../../cli/drift/drift.ts";
import type { ResourceDifference } from "../../cli/drift/engineDifferences.ts";
import { accountId, call, startEmulator, zoneId } from "../emulator/support.ts";
import { startScriptedServer } from "../fallback/support/scriptedServer.ts";

const difference = (more: Partial<ResourceDifference>): ResourceDifference => ({
    ...{ source: "api", subject: "wiki", type: "cloudflare:index/dnsRecord:DnsRecord", what: "differs" },
    ...{ values: [], id: "" },
    ...more,
});

describe("who changed something in the account", () => {
    it("is whoever changed it last, as the account's log tells it, and nobody for what the log does not tell", async () => {
        await using emulator = await startEmulator();
        const api = { baseUrl: emulator.apiBaseUrl, token: emulator.apiToken };
        const record = { type: "CNAME", name: "wiki.example.com", content: "a.example.net", proxied: true, ttl: 1 };
        const { result } = await call(emulator, "POST", `/zones/${zoneId}/dns_records`, record);
        const as = (agent: string) => ({ authorization: `Bearer ${emulator.apiToken}`, "user-agent": agent });
        const path = `/zones/${zoneId}/dns_records/${result.id}`;
        await call(emulator, "PATCH", path, { comment: "ours" }, as("pulumi"));
        await call(emulator, "PATCH", path, { comment: "by hand" }, as("curl/8"));
        await call(emulator, "PATCH", path, { ttl: "soon" }, as("somebody who was refused"));
        await call(emulator, "GET", path, undefined, as("somebody who only looked"));
        const later = Date.now() + 60_000;
        const authors = await lastAuthors(api, accountId, [result.id, "nobody-touched-it"], later);
        expect([...authors]).toEqual([
            [
                result.id,
                {
                    who: "token emulator",
                    through: expect.stringMatching(/^the API with a token, curl\/8/),
                    when: expect.stringMatching(/^20\d\d-/),
                },
            ],
        ]);
    });

    it("is looked for over as many pages as there are, newest first, and no further than it takes", async () => {
        await using server = await startScriptedServer([
            { result: [entry("other", "grace@example.com")], info: { cursors: { after: "2" } } },
            { result: [entry("wiki", "ada@example.com\u001b[31m")], info: { cursors: { after: "3" } } },
            { result: [entry("wiki", "too-old@example.com")] },
        ]);
        const authors = await lastAuthors({ ...server, token: "t" }, accountId, ["wiki"]);
        expect(authors.get("wiki")).toEqual({
            // What would colour a terminal is taken out.
            who: "ada@example.com [31m",
            through: "the dashboard",
            when: "2026-11-21T23:10:00Z",
        });
        const cursors = server.asked.map(({ url }) => new URL(url, server.baseUrl).searchParams.get("cursor"));
        expect(cursors).toEqual([null, "2"]);
    });

    it("is not asked for what Docker has, nor for what is only declared", async () => {
        const resources = [
            difference({ type: "docker:index/service:Service", id: "k2s5" }),
            difference({ source: "program", id: "record-1" }),
            difference({ id: "" }),
        ];
        const unreachable = { baseUrl: "http://127.0.0.1:1", token: "t" };
        const { differences, notCompared } = await withAuthors(resources, { api: unreachable, accountId });
        expect(differences.map((one) => "author" in one || "id" in one)).toEqual([false, false, false]);
        expect(notCompared).toEqual([]);
    });

    it("is said to be unknown, with the reason, where the log cannot be read", async () => {
        await using emulator = await startEmulator();
        const api = { baseUrl: emulator.apiBaseUrl, token: "wrong" };
        const { differences, notCompared } = await withAuthors([difference({ id: "record-1" })], { api, accountId });
        expect(differences).toHaveLength(1);
        expect(notCompared).toEqual([
            {
                what: "who changed what is in the account",
                reason: expect.stringContaining("Authentication error"),
            },
        ]);
    });
});

function entry(id: string, email: string) {
    return {
        action: { result: "success", type: "update", time: "2026-11-21T23:10:00Z" },
        actor: { context: "dash", email, type: "user" },
        resource: { id },
    };
}
