import { describe, expect, it } from "vitest";
import { control } from "../private/support/entryUnderTest.ts";
import { accountId, call, startEmulator } from "./support.ts";

const ADA = { name: "ada-laptop", email: "Ada@Example.com", groups: ["staff"] };

describe("devices of private networks", () => {
    it("are registered with a secret that is told once and kept as a hash", async () => {
        await using emulator = await startEmulator();
        const { result } = await control(emulator, "POST", "/devices", ADA);
        const { secret, ...device } = result;
        expect(device).toEqual({ ...ADA, email: "ada@example.com", passed: [] });
        expect(secret).toMatch(/^[A-Za-z0-9_-]{32}$/);
        expect((await control(emulator, "GET", "/devices")).result).toEqual([device]);
        expect(JSON.stringify([emulator.snapshot(), emulator.requests])).not.toContain(secret);
        expect(emulator.privateNetwork.authenticate("ada-laptop", secret)).toMatchObject({ email: "ada@example.com" });
        expect(emulator.privateNetwork.authenticate("ada-laptop", `${secret}x`)).toBeUndefined();
        expect(emulator.privateNetwork.authenticate("eve-laptop", secret)).toBeUndefined();
        expect((await control(emulator, "POST", "/devices", ADA)).status).toBe(409);
    });

    it("change in part, keep their secret, and are removed", async () => {
        await using emulator = await startEmulator();
        const { secret } = (await control(emulator, "POST", "/devices", ADA)).result;
        const posture = { name: "disk", type: "disk_encryption" };
        const { result: rule } = await call(emulator, "POST", `/accounts/${accountId}/devices/posture`, posture);
        const change = { passed: [rule.id], country: "CH" };
        expect((await control(emulator, "PATCH", "/devices/ada-laptop", change)).result).toMatchObject({
            ...change,
            groups: ["staff"],
        });
        expect(emulator.privateNetwork.authenticate("ada-laptop", secret)).toMatchObject(change);
        await control(emulator, "DELETE", "/devices/ada-laptop");
        expect(emulator.privateNetwork.authenticate("ada-laptop", secret)).toBeUndefined();
        for (const method of ["GET", "PATCH", "DELETE"]) {
            expect(
                (await control(emulator, method, "/devices/ada-laptop", method === "PATCH" ? {} : undefined)).status,
            ).toBe(404);
        }
    });

    it.each([
        [{ name: "Ada's laptop" }, /name: is not a device name/],
        [{ email: "ada" }, /email: is not an e-mail address/],
        [{ country: "ch" }, /country: is not a country code/],
        [{ ip: "10.0.0" }, /ip: is not an IP address/],
        [{ passed: ["6e1ab0f2-9c1f-4d61-8b2f-0f4ee9d0a111"] }, /passed.0: is not the id of a posture rule/],
        [{ virtual_network_id: "6e1ab0f2-9c1f-4d61-8b2f-0f4ee9d0a111" }, /is not the id of a virtual network/],
        [{ admin: true }, /admin: is not a property/],
    ])("are refused with %j", async (wrong, expected) => {
        await using emulator = await startEmulator();
        const { status, errors } = await control(emulator, "POST", "/devices", { ...ADA, ...wrong });
        expect(status).toBe(400);
        expect(errors[0]?.message).toMatch(expected);
    });
});

describe("Gateway's expressions", () => {
    it("are refused where they cannot be understood, each with its place, before anything is kept", async () => {
        await using emulator = await startEmulator();
        const rules = `/accounts/${accountId}/gateway/rules`;
        const { status, errors } = await call(emulator, "POST", rules, {
            ...{ name: "wrong", action: "block", filters: ["l4"], enabled: true },
            ...{ traffic: "net.dst.ip in {10.20.0.0/16", identity: 'identity.email == "a"', device_posture: "disk" },
        });
        expect(status).toBe(400);
        expect(errors.map(({ source }) => source?.pointer)).toEqual(["/traffic", "/device_posture"]);
        expect(errors[0]?.message).toMatch(/^traffic: at character 28: the set has no closing brace/);
        expect((await call(emulator, "GET", rules)).result).toEqual([]);
        const profile = { name: "office", match: "identity.email", precedence: 1 };
        const refused = await call(emulator, "POST", `/accounts/${accountId}/devices/policy`, profile);
        expect(refused.errors.map(({ source }) => source?.pointer)).toEqual(["/match"]);
    });

    it("of rules that are about HTTP are kept as they are", async () => {
        await using emulator = await startEmulator();
        const rule = { name: "web", action: "block", filters: ["http"], traffic: 'lower(http.request.host) == "a"' };
        expect((await call(emulator, "POST", `/accounts/${accountId}/gateway/rules`, rule)).status).toBe(200);
    });
});
