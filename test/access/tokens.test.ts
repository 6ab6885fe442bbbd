import { X509Certificate } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { KeyRing } from "../../emulator/edge/access/tokens/keyRing.ts";
import { TokenIssuer } from "../../emulator/edge/access/tokens/tokenIssuer.ts";

const issuer = "https://team.cloudflareaccess.com";
const day = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");

/** Keys and tokens whose time the test sets. */
async function issuerAt(time: { now: number }, stateDir?: string) {
    const clock = () => new Date(time.now);
    const keys = await KeyRing.open({ issuerName: "team.cloudflareaccess.com", clock, stateDir });
    return { keys, tokens: new TokenIssuer({ keys, issuer, clock }) };
}

async function temporaryFolder() {
    const path = await mkdtemp(join(tmpdir(), "sallyport-access-"));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

describe("a token", () => {
    it("verifies against the published key set, with the documented header and claims", async () => {
        const { keys, tokens } = await issuerAt({ now: start });
        const token = await tokens.sign("app", { aud: ["aud-1"], email: "ann@example.com" }, start + day);
        const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys.keySet()), {
            issuer,
            audience: "aud-1",
            currentDate: new Date(start),
        });
        expect(protectedHeader).toEqual({ alg: "RS256", kid: expect.stringMatching(/^[0-9a-f]{64}$/), typ: "JWT" });
        const seconds = start / 1000;
        expect(payload).toEqual({
            ...{ aud: ["aud-1"], email: "ann@example.com", type: "app", iss: issuer },
            ...{ iat: seconds, nbf: seconds, exp: seconds + 86_400 },
        });
    });

    it("is good for its type, its audience and its time only", async () => {
        const time = { now: start };
        const { tokens } = await issuerAt(time);
        const token = await tokens.sign("app", { aud: ["aud-1"] }, start + day);
        expect(await tokens.verify("app", token, "aud-1")).toBeDefined();
        expect(await tokens.verify("org", token, "aud-1")).toBeUndefined();
        expect(await tokens.verify("app", token, "aud-2")).toBeUndefined();
        time.now = start + day - 1000;
        expect(await tokens.verify("app", token)).toBeDefined();
        time.now = start + day;
        expect(await tokens.verify("app", token)).toBeUndefined();
    });

    it("is not good when somebody else signed it, or nobody, or it was changed", async () => {
        const { keys, tokens } = await issuerAt({ now: start });
        const good = await tokens.sign("app", { aud: ["aud-1"] }, start + day);
        const stranger = await generateKeyPair("RS256");
        const claims = { aud: ["aud-1"], type: "app", iss: issuer, iat: start / 1000, exp: start / 1000 + 60 };
        const kid = keys.published()[0]?.kid ?? "";
        const modulus = new TextEncoder().encode((await exportJWK(stranger.publicKey)).n);
        const forged = [
            await new SignJWT(claims).setProtectedHeader({ alg: "RS256", kid }).sign(stranger.privateKey),
            await new SignJWT(claims).setProtectedHeader({ alg: "HS256", kid }).sign(modulus),
            new UnsecuredJWT(claims).encode(),
            good.replace(/\.[^.]*\./, `.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.`),
            await (await issuerAt({ now: start })).tokens.sign("app", { aud: ["aud-1"] }, start + day),
            "",
            "a.b.c",
            "\u0000",
            "x".repeat(1_000_000),
        ];
        expect(await tokens.verify("app", good)).toBeDefined();
        for (const token of forged) {
            expect(await tokens.verify("app", token)).toBeUndefined();
        }
    });
});

describe("the keys", () => {
    it("are two: the one that signs and the one that comes next, each with its certificate", async () => {
        const { keys } = await issuerAt({ now: start });
        const published = keys.published();
        expect(published.map(({ jwk }) => Object.keys(jwk).sort())).toEqual([
            ["alg", "e", "kid", "kty", "n", "use"],
            ["alg", "e", "kid", "kty", "n", "use"],
        ]);
        for (const { certificate, jwk } of published) {
            expect(new X509Certificate(certificate).publicKey.export({ format: "jwk" }).n).toBe(jwk.n);
        }
    });

    it("turn after six weeks; the one before is served for seven more days, and then its tokens are worth nothing", async () => {
        const time = { now: start };
        const { keys, tokens } = await issuerAt(time);
        const [first, second] = keys.published().map(({ kid }) => kid);
        const token = await tokens.sign("app", {}, start + 365 * day);
        time.now = start + 42 * day - 1000;
        expect((await keys.signingKey()).kid).toBe(first);
        time.now = start + 42 * day;
        const [one, other] = await Promise.all([keys.signingKey(), keys.signingKey()]);
        expect([one.kid, other.kid]).toEqual([second, second]);
        expect(keys.published().map(({ kid }) => kid)).toEqual([first, second, expect.any(String)]);
        time.now = start + 49 * day - 1000;
        expect(await tokens.verify("app", token)).toBeDefined();
        time.now = start + 49 * day;
        expect(keys.published().map(({ kid }) => kid)).toEqual([second, expect.any(String)]);
        expect(await tokens.verify("app", token)).toBeUndefined();
    });

    it("are the same after a restart, in a file for their owner alone", async () => {
        await using folder = await temporaryFolder();
        const stateDir = join(folder.path, "edge");
        const before = await issuerAt({ now: start }, stateDir);
        await before.keys.rotate();
        const token = await before.tokens.sign("app", {}, start + day);
        const after = await issuerAt({ now: start }, stateDir);
        expect(after.keys.keySet()).toEqual(before.keys.keySet());
        expect(await after.tokens.verify("app", token)).toBeDefined();
        expect((await stat(join(stateDir, "access-keys.json"))).mode & 0o777).toBe(0o600);
    });

    it("are not used when others can read them, nor replaced when they are damaged", async () => {
        await using folder = await temporaryFolder();
        const file = join(folder.path, "access-keys.json");
        await issuerAt({ now: start }, folder.path);
        await chmod(file, 0o640);
        await expect(issuerAt({ now: start }, folder.path)).rejects.toThrow(
            `${file}: private keys that others can read (mode 640); run "chmod 600 ${file}"`,
        );
        await chmod(file, 0o600);
        await writeFile(file, "{");
        await expect(issuerAt({ now: start }, folder.path)).rejects.toThrow(`${file}: not whole keys of ours`);
        expect(await readFile(file, "utf8")).toBe("{");
    });
});
