import { describe, expect, it } from "vitest";
import type { CloudflareEmulator } from "../../emulator/index.ts";
import { accountId, all, call, clientOf, refusal, startEmulator, zoneId } from "./support.ts";

const account_id = accountId;
const unknownId = "11111111-1111-4111-8111-111111111111";
const staff = { email_domain: { domain: "example.com" } };
const at = (path: string) => `/accounts/${accountId}/access/${path}`;

async function newPolicy(emulator: CloudflareEmulator, name = "staff"): Promise<string> {
    return (await call(emulator, "POST", at("policies"), { name, decision: "allow", include: [staff] })).result.id;
}

describe("reusable policies", () => {
    it("are created, read, replaced, listed and deleted", async () => {
        await using emulator = await startEmulator();
        const { policies } = clientOf(emulator).zeroTrust.access;
        const created = await policies.create({
            account_id,
            name: "staff",
            decision: "allow",
            include: [staff],
            session_duration: "24h",
        });
        const id = created.id ?? "";
        expect(created).toMatchObject({ include: [staff], require: [], exclude: [], reusable: true, app_count: 0 });
        expect(await policies.get(id, { account_id })).toEqual(created);
        const replaced = await policies.update(id, {
            account_id,
            name: "all",
            decision: "deny",
            include: [{ everyone: {} }],
        });
        expect(replaced).toMatchObject({ id, name: "all", decision: "deny" });
        expect(replaced).not.toHaveProperty("session_duration");
        await newPolicy(emulator, "second");
        expect(await all(policies.list({ account_id, per_page: 1 }))).toHaveLength(2);
        await policies.delete(id, { account_id });
        expect(await refusal(policies.get(id, { account_id }))).toMatchObject({ status: 404 });
    });

    it.each([
        [{ include: [] }, "/include"],
        [{ include: [{}] }, "/include/0"],
        [{ include: [{ ...staff, everyone: {} }] }, "/include/0"],
        [{ include: [{ email: { mail: "a@example.com" } }] }, "/include/0/email/email"],
        [{ include: [{ role: { name: "admin" } }] }, "/include/0/role"],
        [{ include: [{ ip: { ip: "203.0.113.300" } }] }, "/include/0/ip/ip"],
        [{ include: [{ geo: { country_code: "CHE" } }] }, "/include/0/geo/country_code"],
        [{ decision: "permit" }, "/decision"],
        [{ session_duration: "1 day" }, "/session_duration"],
        [{ session_duration: "" }, "/session_duration"],
    ])("are refused with %j, and the error points to the value", async (change, pointer) => {
        await using emulator = await startEmulator();
        const policy = { name: "p", decision: "allow", include: [staff], ...change };
        const reply = await call(emulator, "POST", at("policies"), policy);
        expect(reply.status).toBe(400);
        expect(reply.errors[0]).toMatchObject({
            code: 12130,
            message: expect.stringMatching(/^access\.api\.error\.invalid_request: /),
        });
        expect(reply.errors.map(({ source }) => source?.pointer)).toContain(pointer);
    });

    it("cannot refer to a group that does not exist", async () => {
        await using emulator = await startEmulator();
        const reply = await call(emulator, "POST", at("policies"), {
            name: "p",
            decision: "allow",
            include: [{ group: { id: unknownId } }],
        });
        expect(reply).toMatchObject({ status: 400, errors: [{ code: 11020 }] });
    });

    it("cannot be deleted while an application holds them", async () => {
        await using emulator = await startEmulator();
        const { access } = clientOf(emulator).zeroTrust;
        const id = await newPolicy(emulator);
        const app = { name: "app", domain: "app.example.com", type: "self_hosted", policies: [{ id, precedence: 1 }] };
        const { result } = await call(emulator, "POST", at("apps"), app);
        expect((await access.policies.get(id, { account_id })).app_count).toBe(1);
        expect(await refusal(access.policies.delete(id, { account_id }))).toMatchObject({ status: 409 });
        await call(emulator, "PUT", at(`apps/${result.id}`), { ...app, policies: [] });
        await access.policies.delete(id, { account_id });
    });
});

describe("applications", () => {
    it("list their policies in full, in order of precedence, as the policies are at the moment", async () => {
        await using emulator = await startEmulator();
        const [one, two] = [await newPolicy(emulator, "one"), await newPolicy(emulator, "two")];
        const { result } = await call(emulator, "POST", at("apps"), {
            domain: "app.example.com",
            policies: [
                { id: one, precedence: 2 },
                { id: two, precedence: 1 },
            ],
        });
        expect(result.policies).toMatchObject([
            { id: two, name: "two", precedence: 1, include: [staff], reusable: true },
            { id: one, name: "one", precedence: 2 },
        ]);
        await call(emulator, "PUT", at(`policies/${two}`), {
            name: "new",
            decision: "deny",
            include: [{ everyone: {} }],
        });
        expect((await call(emulator, "GET", at(`apps/${result.id}`))).result.policies[0]).toMatchObject({
            name: "new",
            decision: "deny",
        });
    });

    it("keep their audience tag for life", async () => {
        await using emulator = await startEmulator();
        const { applications } = clientOf(emulator).zeroTrust.access;
        const app = { account_id, type: "self_hosted", domain: "app.example.com", name: "app" } as const;
        const created = await applications.create(app);
        expect(created.aud).toMatch(/^[0-9a-f]{64}$/);
        const updated = await applications.update(created.id ?? "", { ...app, session_duration: "8h" });
        expect(updated).toMatchObject({ id: created.id, aud: created.aud, session_duration: "8h" });
    });

    it.each([
        [{ domain: "a.example.com" }, "a.example.com", ["a.example.com"]],
        [
            { self_hosted_domains: ["a.example.com", "b.example.com/x"] },
            "a.example.com",
            ["a.example.com", "b.example.com/x"],
        ],
        [{ destinations: [{ type: "public", uri: "b.example.com" }] }, "b.example.com", ["b.example.com"]],
        [
            { domain: "a.example.com", destinations: [{ type: "public", uri: "b.example.com" }] },
            "a.example.com",
            ["a.example.com", "b.example.com"],
        ],
        [
            { domain: "b.example.com", self_hosted_domains: ["a.example.com", "b.example.com"] },
            "b.example.com",
            ["a.example.com", "b.example.com"],
        ],
    ])("given as %j answer with all three views of their hostnames", async (given, domain, hostnames) => {
        await using emulator = await startEmulator();
        const reply = await call(emulator, "POST", at("apps"), { type: "self_hosted", ...given });
        expect(reply.result).toMatchObject({
            domain,
            self_hosted_domains: hostnames,
            destinations: hostnames.map((uri) => ({ type: "public", uri })),
        });
    });

    it("with private destinations alone have no hostname", async () => {
        await using emulator = await startEmulator();
        const destinations = [{ type: "private", cidr: "10.20.0.5/32", l4_protocol: "tcp", port_range: "5432" }];
        const { result } = await call(emulator, "POST", at("apps"), { destinations });
        expect(result).toMatchObject({ destinations, self_hosted_domains: [] });
        expect(result).not.toHaveProperty("domain");
    });

    it("have a hostname each of their own", async () => {
        await using emulator = await startEmulator();
        const app = { domain: "app.example.com" };
        const { result } = await call(emulator, "POST", at("apps"), app);
        const again = await call(emulator, "POST", at("apps"), { domain: "APP.example.com/" });
        expect(again).toMatchObject({ status: 409, errors: [{ code: 11010 }] });
        expect(again.headers.get("x-should-retry")).toBe("false");
        expect((await call(emulator, "PUT", at(`apps/${result.id}`), app)).status).toBe(200);
        expect((await call(emulator, "POST", at("apps"), { domain: "app.example.com/admin" })).status).toBe(200);
        await call(emulator, "DELETE", at(`apps/${result.id}`));
        expect((await call(emulator, "POST", at("apps"), app)).status).toBe(200);
    });

    it.each([
        [{}, "/domain"],
        [{ domain: "https://a.example.com" }, "/domain"],
        [{ domain: "a.example.com:8443" }, "/domain"],
        [{ self_hosted_domains: ["a", "b", "c", "d", "e", "f"] }, "/destinations"],
        [{ domain: "a", policies: [{ id: unknownId, precedence: 1 }] }, "/policies/0/id"],
        [{ domain: "a", policies: [{ decision: "allow", include: [] }] }, "/policies/0/include"],
        [{ domain: "a", type: "webapp" }, "/type"],
        [{ domain: "a", colour: "red" }, "/colour"],
        [{ domain: "a", session_duration: "forever" }, "/session_duration"],
        [{ type: "infrastructure", name: "ssh" }, "/target_criteria"],
    ])("are refused with %j, and the error points to the value", async (body, pointer) => {
        await using emulator = await startEmulator();
        const reply = await call(emulator, "POST", at("apps"), body);
        expect(reply.status).toBe(400);
        expect(reply.errors.map(({ source }) => source?.pointer)).toContain(pointer);
    });

    it("refuse two policies of one precedence, and a policy that is a reference and a policy of its own", async () => {
        await using emulator = await startEmulator();
        const [one, two] = [await newPolicy(emulator, "one"), await newPolicy(emulator, "two")];
        const post = (policies: unknown) => call(emulator, "POST", at("apps"), { domain: "a.example.com", policies });
        expect(
            await post([
                { id: one, precedence: 1 },
                { id: two, precedence: 1 },
            ]),
        ).toMatchObject({
            status: 400,
            errors: [{ code: 12130, message: "access.api.error.invalid_request: policy precedences must be unique" }],
        });
        expect((await post([{ id: one, precedence: 1, decision: "allow" }])).status).toBe(400);
        expect((await post([one, two])).result.policies).toMatchObject([
            { id: one, precedence: 1 },
            { id: two, precedence: 2 },
        ]);
    });

    it("can have policies of their own", async () => {
        await using emulator = await startEmulator();
        const own = { name: "own", decision: "allow", include: [staff] };
        const { result } = await call(emulator, "POST", at("apps"), { domain: "a.example.com", policies: [own] });
        expect(result.policies).toEqual([expect.objectContaining({ ...own, precedence: 1, reusable: false })]);
        expect((await call(emulator, "GET", at("policies"))).result).toEqual([]);
    });

    it("are listed by name, hostname and audience tag, and page by page", async () => {
        await using emulator = await startEmulator();
        const { applications } = clientOf(emulator).zeroTrust.access;
        for (const name of ["one", "two", "three"]) {
            await applications.create({ account_id, type: "self_hosted", name, domain: `${name}.example.com` });
        }
        const found = async (filter: object) =>
            (await all(applications.list({ account_id, ...filter }))).map((app) => app.name);
        expect(await found({ per_page: 2 })).toEqual(["one", "two", "three"]);
        expect(await found({ name: "two" })).toEqual(["two"]);
        expect(await found({ domain: "three.example.com" })).toEqual(["three"]);
        const [first] = await all(applications.list({ account_id, name: "one" }));
        expect(await found({ aud: first?.aud })).toEqual(["one"]);
    });

    it("of a zone are not the account's", async () => {
        await using emulator = await startEmulator();
        const id = await newPolicy(emulator);
        const path = `/zones/${zoneId}/access/apps`;
        const created = await call(emulator, "POST", path, {
            domain: "z.example.com",
            policies: [{ id, precedence: 1 }],
        });
        expect(created.status).toBe(200);
        expect((await call(emulator, "GET", at("apps"))).result).toEqual([]);
        expect((await call(emulator, "GET", path)).result).toHaveLength(1);
        expect((await call(emulator, "DELETE", at(`policies/${id}`))).status).toBe(409);
    });

    it("have one certificate authority for SSH, which goes with them", async () => {
        await using emulator = await startEmulator();
        const { result: app } = await call(emulator, "POST", at("apps"), { type: "ssh", domain: "ssh.example.com" });
        const ca = at(`apps/${app.id}/ca`);
        expect((await call(emulator, "GET", ca)).status).toBe(404);
        const { result } = await call(emulator, "POST", ca, {});
        expect(result.aud).toBe(app.aud);
        expect((await call(emulator, "GET", ca)).result).toEqual(result);
        expect((await call(emulator, "GET", at("apps/ca"))).result).toEqual([result]);
        expect((await call(emulator, "POST", ca, {})).status).toBe(409);
        await call(emulator, "DELETE", at(`apps/${app.id}`));
        expect((await call(emulator, "GET", at("apps/ca"))).result).toEqual([]);
    });
});
