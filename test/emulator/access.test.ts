import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { accountId, all, call, clientOf, refusal, startEmulator, zoneId } from "./support.ts";

const account_id = accountId;
const staff = { email_domain: { domain: "example.com" } };
const at = (path: string) => `/accounts/${accountId}/access/${path}`;

describe("service tokens", () => {
    it("show their secret when it is made, and never again", async () => {
        await using emulator = await startEmulator();
        const { serviceTokens } = clientOf(emulator).zeroTrust.access;
        const created = await serviceTokens.create({ account_id, name: "ci" });
        const secret = created.client_secret ?? "";
        expect(created).toMatchObject({
            client_id: expect.stringMatching(/^[0-9a-f]{32}\.access$/),
            duration: "8760h",
        });
        expect(secret).toMatch(/^[0-9a-f]{64}$/);
        const id = created.id ?? "";
        const body = { name: "ci", duration: "8760h", client_secret_version: 1 };
        const answers = [
            await call(emulator, "GET", at(`service_tokens/${id}`)),
            await call(emulator, "GET", at("service_tokens")),
            await call(emulator, "PUT", at(`service_tokens/${id}`), body),
            await call(emulator, "POST", at(`service_tokens/${id}/refresh`)),
        ];
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
        for (const text of [...answers, emulator.snapshot()].map((value) => JSON.stringify(value))) {
            expect(text).not.toContain(secret);
            expect(text).not.toContain('client_secret"');
        }
        expect(JSON.stringify(answers)).not.toContain(createHash("sha256").update(secret).digest("hex"));
    });

    it("get a new secret with a higher version or a rotation, and refuse a lower version", async () => {
        await using emulator = await startEmulator();
        const { serviceTokens } = clientOf(emulator).zeroTrust.access;
        const { id = "", client_secret: first } = await serviceTokens.create({ account_id, name: "ci" });
        const put = (version: number) =>
            call(emulator, "PUT", at(`service_tokens/${id}`), { name: "ci", client_secret_version: version });
        const second = (await put(2)).result;
        expect(second.client_secret_version).toBe(2);
        expect(second.client_secret).toMatch(/^[0-9a-f]{64}$/);
        const third = await serviceTokens.rotate(id, { account_id });
        expect(new Set([first, second.client_secret, third.client_secret]).size).toBe(3);
        expect((await put(2)).status).toBe(400);
    });

    it("expire after their duration, or never", async () => {
        let now = new Date("2026-01-01T00:00:00Z");
        await using emulator = await startEmulator({ clock: () => now });
        const post = async (duration: string) =>
            (await call(emulator, "POST", at("service_tokens"), { name: duration, duration })).result;
        expect((await post("forever")).expires_at).toBeNull();
        const token = await post("1h30m");
        expect(token.expires_at).toBe("2026-01-01T01:30:00.000Z");
        now = new Date("2026-01-01T01:00:00Z");
        const refreshed = await call(emulator, "POST", at(`service_tokens/${token.id}/refresh`));
        expect(refreshed.result.expires_at).toBe("2026-01-01T02:30:00.000Z");
    });
});

describe("identity providers", () => {
    const google = { name: "Google", type: "google", config: { client_id: "id", client_secret: "sec" } } as const;

    it("are created, read, replaced, listed and deleted", async () => {
        await using emulator = await startEmulator();
        const { identityProviders } = clientOf(emulator).zeroTrust;
        const created = await identityProviders.create({ account_id, ...google });
        const id = created.id ?? "";
        expect(created.config).toEqual({
            ...google.config,
            redirect_url: "https://team.cloudflareaccess.com/cdn-cgi/access/callback",
        });
        expect(await identityProviders.get(id, { account_id })).toEqual(created);
        expect(await identityProviders.update(id, { account_id, ...google, name: "G" })).toMatchObject({
            id,
            name: "G",
        });
        const otherType = identityProviders.update(id, { account_id, ...google, type: "github" });
        expect(await refusal(otherType)).toMatchObject({ status: 400 });
        expect(await all(identityProviders.list({ account_id }))).toHaveLength(1);
        await identityProviders.delete(id, { account_id });
        expect(await refusal(identityProviders.get(id, { account_id }))).toMatchObject({ status: 404 });
    });

    it("have one login by one-time PIN, without SCIM", async () => {
        await using emulator = await startEmulator();
        const { identityProviders } = clientOf(emulator).zeroTrust;
        const pin = { account_id, name: "PIN", type: "onetimepin", config: {} } as const;
        const scim = identityProviders.create({ ...pin, scim_config: { enabled: true } });
        expect(await refusal(scim)).toMatchObject({ status: 400 });
        await identityProviders.create(pin);
        const second = await call(emulator, "POST", at("identity_providers"), {
            name: "2",
            type: "onetimepin",
            config: {},
        });
        expect(second).toMatchObject({
            status: 409,
            errors: [{ message: "access.api.error.conflict: a onetimepin connection already exists" }],
        });
    });

    it("show the SCIM secret when they are created only", async () => {
        await using emulator = await startEmulator();
        const okta = { ...google, type: "okta", scim_config: { enabled: true } };
        const { result } = await call(emulator, "POST", at("identity_providers"), okta);
        expect(result.scim_config).toMatchObject({ secret: expect.any(String), scim_base_url: expect.any(String) });
        // Clients send back what they got.
        await call(emulator, "PUT", at(`identity_providers/${result.id}`), {
            ...okta,
            scim_config: result.scim_config,
        });
        const read = await call(emulator, "GET", at(`identity_providers/${result.id}`));
        expect(read.result.scim_config).toEqual({ enabled: true, scim_base_url: result.scim_config.scim_base_url });
    });
});

it("groups are created, read, replaced, listed by name and deleted", async () => {
    await using emulator = await startEmulator();
    const { groups } = clientOf(emulator).zeroTrust.access;
    const created = await groups.create({ account_id, name: "staff", include: [staff] });
    const id = created.id ?? "";
    expect(await groups.get(id, { account_id })).toEqual(created);
    await groups.update(id, { account_id, name: "all", include: [{ everyone: {} }] });
    expect(await all(groups.list({ account_id, name: "staff" }))).toEqual([]);
    expect(await all(groups.list({ account_id, name: "all" }))).toHaveLength(1);
    await groups.delete(id, { account_id });
    expect(await refusal(groups.get(id, { account_id }))).toMatchObject({ status: 404 });
});

describe("the organization", () => {
    it("is there from the start, with the team's domain, and keeps what an update does not name", async () => {
        await using emulator = await startEmulator();
        const { organizations } = clientOf(emulator).zeroTrust;
        expect(await organizations.list({ account_id })).toMatchObject({ auth_domain: "team.cloudflareaccess.com" });
        const updated = await organizations.update({ account_id, session_duration: "12h" });
        expect(updated).toMatchObject({ auth_domain: "team.cloudflareaccess.com", session_duration: "12h" });
        const wrong = await call(emulator, "PUT", at("organizations"), { auth_domain: "team.example.com" });
        expect(wrong).toMatchObject({ status: 400, errors: [{ source: { pointer: "/auth_domain" } }] });
    });

    it("of a zone must be created first", async () => {
        await using emulator = await startEmulator();
        const path = `/zones/${zoneId}/access/organizations`;
        expect(await call(emulator, "GET", path)).toMatchObject({ status: 404, errors: [{ code: 9999 }] });
        const body = { name: "zone", auth_domain: "zone.cloudflareaccess.com" };
        expect((await call(emulator, "POST", path, body)).status).toBe(200);
        expect((await call(emulator, "POST", path, body)).status).toBe(409);
        expect((await call(emulator, "GET", path)).result).toMatchObject(body);
    });
});

describe("client certificate authorities", () => {
    const recorded = readFileSync(new URL("fixtures/cloudflare-zt-1-create.jsonl", import.meta.url), "utf8");
    const line = recorded.split("\n").find((text) => text.includes("/access/certificates")) ?? "";
    const certificate: string = JSON.parse(line).body.certificate;

    it("tell their fingerprint and end, and go only when no hostname uses them", async () => {
        await using emulator = await startEmulator();
        const { certificates } = clientOf(emulator).zeroTrust.access;
        const associated_hostnames = ["api.example.com"];
        const created = await certificates.create({ account_id, name: "ca", certificate, associated_hostnames });
        expect(created).toMatchObject({
            fingerprint: expect.stringMatching(/^MD5 Fingerprint=([0-9A-F]{2}:){15}[0-9A-F]{2}$/),
            expires_on: "2026-12-21T23:38:48.000Z",
            associated_hostnames,
        });
        const id = created.id ?? "";
        expect(await refusal(certificates.delete(id, { account_id }))).toMatchObject({ status: 409, codes: [12132] });
        await call(emulator, "PUT", at(`certificates/${id}`), {});
        expect((await certificates.get(id, { account_id })).associated_hostnames).toEqual([]);
        await certificates.delete(id, { account_id });
    });

    it("must be certificates", async () => {
        await using emulator = await startEmulator();
        const reply = await call(emulator, "POST", at("certificates"), { name: "ca", certificate: "MIIB" });
        expect(reply).toMatchObject({ status: 400, errors: [{ source: { pointer: "/certificate" } }] });
    });
});

it("tags are addressed by their name and count their applications", async () => {
    await using emulator = await startEmulator();
    const { tags } = clientOf(emulator).zeroTrust.access;
    await tags.create({ account_id, name: "sallyport" });
    expect((await call(emulator, "POST", at("tags"), { name: "sallyport" })).status).toBe(409);
    await call(emulator, "POST", at("apps"), { domain: "a.example.com", tags: ["sallyport"] });
    expect(await tags.get("sallyport", { account_id })).toMatchObject({ name: "sallyport", app_count: 1 });
    await tags.update("sallyport", { account_id, name: "port" });
    expect((await all(tags.list({ account_id }))).map(({ name }) => name)).toEqual(["port"]);
    expect(await tags.delete("port", { account_id })).toEqual({ name: "port" });
});
