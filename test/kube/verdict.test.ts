import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UnsecuredJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { loginTokenFor } from "../../cli/kube/loginToken.ts";
import { ageWords } from "../../cli/kube/ls.ts";
import { verdictOf } from "../../cli/kube/verdict.ts";
import { folder } from "../connect/support/folder.ts";

const login = { status: 302, location: "https://example.cloudflareaccess.com/cdn-cgi/access/login/orders?kid=1" };

describe("what the edge's answer says of access", () => {
    it.each([
        [login, false, "log in"],
        [login, true, "refused"],
        [{ status: 403, location: undefined }, false, "refused"],
        [{ status: 401, location: undefined }, true, "refused"],
        [{ status: 530, location: undefined }, false, "down"],
        [{ status: 302, location: "https://elsewhere.example/" }, false, "open"],
        [{ status: 400, location: undefined }, false, "open"],
        [{ status: 502, location: undefined }, true, "open"],
    ])("%o, service token %s: %s", (answer, hasServiceToken, access) => {
        expect(verdictOf(answer, hasServiceToken).access).toBe(access);
    });
});

describe("the login that cloudflared keeps", () => {
    const NOW = Date.parse("2026-03-01");
    const tokenUntil = (time: string) => new UnsecuredJWT({}).setExpirationTime(new Date(time)).encode();

    it("is found by host name and audience tag, and not once it is over", () => {
        using files = folder();
        const home = dirname(files.write("x", ""));
        vi.stubEnv("HOME", home);
        expect(loginTokenFor("orders.example.com", "a1", NOW)).toBeUndefined();
        mkdirSync(join(home, ".cloudflared"));
        const write = (name: string, text: string) => writeFileSync(join(home, ".cloudflared", name), text);
        const good = tokenUntil("2026-03-02");
        write("orders.example.com-a1-token", good);
        write("orders.example.com-a1-token.lock", "");
        write("old.example.com-b2-token", tokenUntil("2026-02-28"));
        write("spoilt.example.com-c3-token", "{");
        expect(loginTokenFor("orders.example.com", "a1", NOW)).toEqual({ token: good, expires: NOW + 86_400_000 });
        expect(loginTokenFor("orders.example.com", undefined, NOW)?.token).toBe(good);
        expect(loginTokenFor("orders.example.com", "ffff", NOW)).toBeUndefined();
        expect(loginTokenFor("orders.example", undefined, NOW)).toBeUndefined();
        expect(loginTokenFor("old.example.com", "b2", NOW)).toBeUndefined();
        expect(loginTokenFor("spoilt.example.com", "c3", NOW)).toBeUndefined();
    });
});

describe("an age", () => {
    it.each([
        [30_000, "now"],
        [3 * 60_000, "3 min"],
        [90 * 60_000, "1 h"],
        [50 * 3_600_000, "2 d"],
    ])("of %i ms is said as people say it: %s", (age, words) => {
        expect(ageWords(age)).toBe(words);
    });
});
