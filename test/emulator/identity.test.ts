import { describe, expect, it } from "vitest";
import { accountId, all, call, clientOf, refusal, startEmulator, zoneId } from "./support.ts";

const account_id = accountId;
const staff = { email_domain: { domain: "example.com" } };
const at = (path: string) => `/accounts/${accountId}/access/${path}`;

describe("settings of client certificates", () => {
    const path = at("certificates/settings");
    const setting = (hostname: string, client_certificate_forwarding: boolean) => ({
        hostname,
        client_certificate_forwarding,
        china_network: false,
    });

    it("are kept by host name, and reset by writing them as false", async () => {
        await using emulator = await startEmulator();
        const { settings } = clientOf(emulator).zeroTrust.access.certificates;
        await settings.update({
            account_id,
            settings: [setting("a.example.com", true), setting("b.example.com", true)],
        });
        await settings.update({ account_id, settings: [setting("b.example.com", false)] });
        expect(await all(settings.get({ account_id }))).toEqual([
            setting("a.example.com", true),
            setting("b.example.com", false),
        ]);
        expect(await all(settings.get({ zone_id: zoneId }))).toEqual([]);
    });

    it("are for the account's own names", async () => {
        await using emulator = await startEmulator();
        const { settings } = clientOf(emulator).zeroTrust.access.certificates;
        for (const scope of [{ account_id }, { zone_id: zoneId }]) {
            const foreign = settings.update({ ...scope, settings: [setting("a.example.org", true)] });
            expect(await refusal(foreign)).toEqual({ status: 400, codes: [12036] });
        }
        const incomplete = await call(emulator, "PUT", path, { settings: [{ hostname: "a.example.com" }] });
        expect(incomplete.errors.map(({ source }) => source?.pointer)).toEqual([
            "/settings/0/client_certificate_forwarding",
            "/settings/0/china_network",
        ]);
    });
});

describe("what a rule refers to stays until the rule goes", () => {
    it.each(["group", "application's own policy"])("as a group does for a %s", async (holder) => {
        await using emulator = await startEmulator();
        const { groups } = clientOf(emulator).zeroTrust.access;
        const { id = "" } = await groups.create({ account_id, name: "offices", include: [staff] });
        const include = [{ group: { id } }];
        const [place, body] =
            holder === "group"
                ? ["groups", { name: "holder", include }]
                : [
                      "apps",
                      {
                          name: "holder",
                          domain: "a.example.com",
                          policies: [{ name: "p", decision: "allow", include }],
                      },
                  ];
        const { result } = await call(emulator, "POST", at(place as string), body);
        const refused = await call(emulator, "DELETE", at(`groups/${id}`));
        expect(refused).toMatchObject({ status: 409, errors: [{ message: expect.stringContaining("holder") }] });
        await call(emulator, "DELETE", at(`${place}/${result.id}`));
        await groups.delete(id, { account_id });
    });

    it("as a posture rule does for a policy that requires it", async () => {
        await using emulator = await startEmulator();
        const { devices, access } = clientOf(emulator).zeroTrust;
        const rule = await devices.posture.create({ account_id, name: "warp", type: "warp" });
        const integration_uid = rule?.id ?? "";
        const policy = await access.policies.create({
            account_id,
            name: "staff",
            decision: "allow",
            include: [staff],
            require: [{ device_posture: { integration_uid } }],
        });
        expect(await refusal(devices.posture.delete(integration_uid, { account_id }))).toMatchObject({ status: 409 });
        await access.policies.delete(policy.id ?? "", { account_id });
        await devices.posture.delete(integration_uid, { account_id });
        expect(await all(devices.posture.list({ account_id }))).toEqual([]);
    });
});

it("a single address in a rule comes back as a network, as from the real API", async () => {
    await using emulator = await startEmulator();
    const { groups } = clientOf(emulator).zeroTrust.access;
    const include = ["203.0.113.7", "2001:db8::1", "203.0.113.0/24"].map((ip) => ({ ip: { ip } }));
    const { id = "" } = await groups.create({ account_id, name: "offices", include });
    expect((await groups.get(id, { account_id })).include).toEqual([
        { ip: { ip: "203.0.113.7/32" } },
        { ip: { ip: "2001:db8::1/128" } },
        { ip: { ip: "203.0.113.0/24" } },
    ]);
});

it("devices are looked at once a minute at most", async () => {
    await using emulator = await startEmulator();
    const { posture } = clientOf(emulator).zeroTrust.devices;
    const rule = { account_id, name: "warp", type: "warp" } as const;
    expect(await refusal(posture.create({ ...rule, schedule: "59s" }))).toMatchObject({ status: 400 });
    expect(await posture.create({ ...rule, schedule: "1m" })).toMatchObject({ schedule: "1m" });
});

it("an identity provider takes what the API documents and nothing else", async () => {
    await using emulator = await startEmulator();
    const config = { client_id: "id", client_secret: "s", tenant: "example" };
    const reply = await call(emulator, "POST", at("identity_providers"), { name: "x", type: "google", config });
    expect(reply).toMatchObject({ status: 400, errors: [{ source: { pointer: "/config/tenant" } }] });
});

it("an account has 50 service tokens at most, and room for another once one goes", async () => {
    await using emulator = await startEmulator();
    const post = () => call(emulator, "POST", at("service_tokens"), { name: "ci" });
    const made = [];
    for (let count = 0; count < 50; count++) made.push(await post());
    expect(await post()).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining("at most 50") }] });
    await call(emulator, "DELETE", at(`service_tokens/${made[0]?.result.id}`));
    expect((await post()).status).toBe(200);
});
