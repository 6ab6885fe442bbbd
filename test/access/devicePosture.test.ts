import { describe, expect, it } from "vitest";
import { control } from "../private/support/entryUnderTest.ts";
import { AccessUnderTest, Browser, start } from "./support/accessUnderTest.ts";
import { OidcProvider } from "./support/oidcProvider.ts";

const app = "https://app.example.com:8443/";

/** An application for people whose disk is encrypted, who log in by the provider that the test gives. */
async function setUp(type: string, config: object) {
    const under = await AccessUnderTest.start();
    const disk = await under.create("devices/posture", { name: "Disk", type: "disk_encryption" });
    await under.create("access/identity_providers", { name: "The login", type, config });
    const require = [{ device_posture: { integration_uid: disk.id } }];
    const include = [{ email_domain: { domain: "example.com" } }];
    const policies = [{ name: "healthy", decision: "allow", include, require }];
    await under.application({ policies, auto_redirect_to_identity: true });
    return { under, disk: String(disk.id), [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
}

describe("a device's posture", () => {
    it("counts from the next request on, once the device is registered", async () => {
        const person = { email: "Ann@example.com" };
        await using provider = await OidcProvider.start({ person, clock: () => new Date(start) });
        await using setup = await setUp("oidc", provider.config);
        const { under, disk } = setup;
        const browser = new Browser(under);
        const { answer } = await browser.open(app);
        expect(answer.rule).toBe('app "App", policy "healthy": require device_posture "Disk" did not match');
        await control(under.emulator, "POST", "/devices", { name: "one", email: "ann@example.com", passed: [disk] });
        expect((await browser.open(app)).answer.status).toBe(200);
        const identity = await browser.get(`${app}cdn-cgi/access/get-identity`);
        expect(JSON.parse(identity.body).devicePosture[disk].success).toBe(true);
        await control(under.emulator, "PATCH", "/devices/one", { passed: [] });
        expect((await browser.get(app)).status).toBe(403);
    });

    it("is what all of somebody's devices pass: which of them a request comes from, nobody can tell", async () => {
        await using setup = await setUp("google", {});
        const { under, disk } = setup;
        const passing = () => under.emulator.access.devicePosture("Ann@example.com");
        expect(passing()).toBeUndefined();
        await control(under.emulator, "POST", "/devices", { name: "one", email: "ann@example.com", passed: [disk] });
        await control(under.emulator, "POST", "/devices", { name: "his", email: "bob@example.com" });
        expect(passing()).toEqual([disk]);
        await control(under.emulator, "POST", "/devices", { name: "two", email: "ann@example.com" });
        expect(passing()).toEqual([]);
    });

    it("is what was ticked on the page in the provider's place, for people without a registered device", async () => {
        await using setup = await setUp("google", {});
        const { under, disk } = setup;
        const logIn = async (fields: Record<string, string>) => {
            const browser = new Browser(under);
            const form = { email: "ann@example.com", ...fields };
            return (await browser.submit(await browser.open(app), "/idp/", form)).answer.status;
        };
        expect(await logIn({})).toBe(403);
        expect(await logIn({ posture: disk })).toBe(200);
        await control(under.emulator, "POST", "/devices", { name: "one", email: "ann@example.com" });
        expect(await logIn({ posture: disk })).toBe(403);
    });
});
