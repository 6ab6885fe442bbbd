import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluateForPeople, evaluateUnattended } from "../../emulator/edge/access/policy/evaluate.ts";
import type { Identity, Subject } from "../../emulator/edge/access/policy/subject.ts";
import { CloudflareEmulator } from "../../emulator/index.ts";
import { call } from "../emulator/support.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";

const SECRET = "planted-client-secret";
const PROGRAM = join(import.meta.dirname, "programs/identity");

/** What the organization has before anybody declares it: switched on by hand, and not named by the program. */
const BY_HAND = { allow_authenticate_via_warp: true, user_seat_expiration_inactive_time: "1460h" };

/** The collections that the program fills. */
const COLLECTIONS = ["access/identity_providers", "access/certificates", "access/groups", "access/policies"].concat([
    "access/apps",
    "access/service_tokens",
    "devices/posture",
]);

function fail(what: string): never {
    throw new Error(`The program made no ${what}.`);
}

describe("identity, through the real engine and the emulated API", () => {
    let emulator: CloudflareEmulator;
    let under: EngineStack;
    const at = (path: string) => `/accounts/${emulator.accountId}/${path}`;
    const get = async (path: string) => (await call(emulator, "GET", at(path))).result;

    beforeAll(async () => {
        emulator = await CloudflareEmulator.start({ zones: [{ name: "example.com" }], team: "team" });
        await call(emulator, "PUT", at("access/organizations"), BY_HAND);
        const [zone] = (await call(emulator, "GET", "/zones")).result;
        under = await openEngineStack(PROGRAM, {
            CLOUDFLARE_BASE_URL: emulator.apiBaseUrl,
            CLOUDFLARE_API_TOKEN: emulator.apiToken,
            IDENTITY_ACCOUNT: emulator.accountId,
            IDENTITY_ZONE: zone.id,
            IDENTITY_SECRET: SECRET,
        });
    });
    afterAll(async () => {
        under[Symbol.dispose]();
        await emulator[Symbol.asyncDispose]();
    });

    it("comes up whole, and neither a second preview nor a refresh finds a difference", async () => {
        const { outputs } = await under.stack.up();
        expect(outputs.callbackUrl?.value).toBe("https://team.cloudflareaccess.com/cdn-cgi/access/callback");
        expect(outputs.scimBaseUrl).toMatchObject({ secret: false, value: expect.stringContaining("/scim/v2/") });
        expect(outputs.scimSecret).toMatchObject({ secret: true, value: expect.stringMatching(/^[0-9a-f]{64}$/) });
        await under.stack.preview({ expectNoChanges: true });
        await under.stack.refresh({ expectNoChanges: true });
        await under.stack.preview({ expectNoChanges: true });
    });

    it("leaves what the organization has and the program does not name", async () => {
        expect(await get("access/organizations")).toMatchObject({
            ...BY_HAND,
            session_duration: "12h",
            login_design: { header_text: "Log in 1", background_color: "#1d1d1d" },
        });
    });

    it("lets in whom the audience means, and nobody who lacks one thing", async () => {
        const { access } = emulator;
        const policies = access.applications().find(({ name }) => name === "api")?.policies ?? [];
        const provider = (type: string) => access.identityProviders().find((one) => one.type === type) ?? fail(type);
        const rule = (name: string) => access.postureRules().find((one) => one.name === name)?.id ?? fail(name);
        const ada: Identity = {
            userId: "0d8f8a3e-0000-4000-8000-000000000001",
            email: "ada@example.com",
            provider: provider("google"),
            groups: [],
            claims: {},
            authMethods: ["mfa"],
            devicePosture: [rule("disk (mac)"), rule("system (mac)"), rule("warp (linux)")],
            ip: "203.0.113.7",
            loggedInAt: new Date(),
        };
        const visit: Subject = {
            clientIp: ada.ip,
            country: "CH",
            certificate: { commonName: "laptop" },
            identity: ada,
        };
        const asPerson = (person: Partial<Identity>, more: Partial<Subject> = {}) =>
            evaluateForPeople(policies, { ...visit, ...more, identity: { ...ada, ...person } }, access).decision;
        const okta = provider("okta");
        expect({
            ada: asPerson({}),
            ofTheDomain: asPerson({ email: "eve@example.org" }),
            ofTheOktaGroup: asPerson({ email: "eve@example.net", provider: okta, groups: ["Developers"] }),
            anotherDisk: asPerson({ devicePosture: [rule("disk (windows)"), ...ada.devicePosture.slice(1)] }),
        }).toEqual({ ada: "allow", ofTheDomain: "allow", ofTheOktaGroup: "allow", anotherDisk: "allow" });
        expect({
            stranger: asPerson({ email: "eve@example.net" }),
            withoutApproval: asPerson({ email: "guest@example.net" }),
            excluded: asPerson({ email: "guest-1@example.com", groups: ["Developers"], provider: okta }),
            byAnotherLogin: asPerson({ provider: provider("github") }),
            byPassword: asPerson({ authMethods: ["pwd"] }),
            withoutDisk: asPerson({ devicePosture: ada.devicePosture.slice(1) }),
            withoutTheClient: asPerson({ devicePosture: ada.devicePosture.slice(0, 2) }),
            elsewhere: asPerson({}, { clientIp: "203.0.113.8" }),
            abroad: asPerson({}, { country: "US" }),
            withoutCertificate: asPerson({}, { certificate: undefined }),
        }).toEqual(
            Object.fromEntries(
                [
                    "stranger",
                    "withoutApproval",
                    "excluded",
                    "byAnotherLogin",
                    "byPassword",
                    "withoutDisk",
                    "withoutTheClient",
                ]
                    .concat(["elsewhere", "abroad", "withoutCertificate"])
                    .map((who) => [who, "deny"]),
            ),
        );
        const asMachine = (commonName: string) =>
            evaluateUnattended(policies, { clientIp: "192.0.2.1", certificate: { commonName } }, access)?.decision;
        expect([asMachine("billing"), asMachine("laptop")]).toEqual(["non_identity", undefined]);
    });

    it("keeps client secrets and SCIM's token out of the state, but for their ciphertext", async () => {
        const { scimSecret } = await under.stack.outputs();
        const state = under.state();
        expect(state).toContain('"ciphertext"');
        expect(scimSecret?.value).toMatch(/^[0-9a-f]{64}$/);
        for (const secret of [SECRET, String(scimSecret?.value)]) expect(state.includes(secret)).toBe(false);
    });

    it("changes every mutable field in place, and then finds no difference either", async () => {
        under.set({ CHANGED: "1" });
        const { summary } = await under.stack.up();
        expect(summary.resourceChanges).not.toHaveProperty("replace");
        expect(summary.resourceChanges?.update).toBeGreaterThan(18);
        await under.stack.refresh({ expectNoChanges: true });
        await under.stack.preview({ expectNoChanges: true });
        expect(await get("access/organizations")).toMatchObject({ ...BY_HAND, session_duration: "8h" });
    });

    it("makes anew what cannot change, and lets the old one go only when nothing refers to it any more", async () => {
        under.set({ REPLACED: "1" });
        const { number: last = 0 } = emulator.requests.at(-1) ?? {};
        const { summary } = await under.stack.up();
        expect(summary.resourceChanges).toMatchObject({ replace: 3 });
        const calls = emulator.requests.filter(({ number, method }) => number > last && method !== "GET");
        const referring = calls.findLastIndex(
            ({ method, path }) => method === "PUT" && /groups|policies|apps/.test(path),
        );
        const going = calls.findIndex(({ method }) => method === "DELETE");
        expect(referring).toBeGreaterThan(-1);
        expect(going).toBeGreaterThan(referring);
        expect(calls.filter(({ status }) => status !== 200)).toEqual([]);
        await under.stack.preview({ expectNoChanges: true });
    });

    it("goes without a trace but for what the API cannot delete", async () => {
        await under.stack.destroy();
        for (const collection of COLLECTIONS) expect(await get(collection), collection).toEqual([]);
        expect(await get("access/organizations")).toMatchObject(BY_HAND);
    });
});
