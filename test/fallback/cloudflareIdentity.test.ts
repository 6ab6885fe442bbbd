/** What the fallback Cloudflare provider keeps of identity: values that the API computes inside an input, and settings it has one of. */
import { describe, expect, it } from "vitest";
import { secret, UNKNOWN_OUTPUT } from "./support/engine.ts";
import { startScriptedProvider as start } from "./support/scriptedProvider.ts";

const accountId = "a".repeat(32);
const zoneId = "b".repeat(32);
const PROVIDER = "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider";
const SETTINGS = "cloudflare:index/zeroTrustAccessMtlsHostnameSettings:ZeroTrustAccessMtlsHostnameSettings";
const ORGANIZATION = "cloudflare:index/getZeroTrustOrganization:getZeroTrustOrganization";

describe("an identity provider with SCIM", () => {
    const config = { clientId: "id", clientSecret: "sec", oktaAccount: "https://x.okta.com" };
    const scim = { enabled: true, userDeprovision: true };
    const okta = { accountId, name: "okta", type: "okta", config, scimConfig: scim };
    const answer = {
        id: "o",
        name: "okta",
        type: "okta",
        config: { client_id: "id", client_secret: "sec", okta_account: "https://x.okta.com" },
        scim_config: { enabled: true, user_deprovision: true, scim_base_url: "https://team/scim/v2/o" },
    };
    const created = { ...answer, scim_config: { ...answer.scim_config, secret: "bearer" } };
    const kept = { ...scim, scimBaseUrl: "https://team/scim/v2/o", secret: secret("bearer") };

    it("has its base URL and, as a secret, its bearer token, through refresh and update", async () => {
        await using test = await start([{ result: created }, { result: answer }, { result: answer }]);
        const state = await test.engine.create(PROVIDER, "okta", okta);
        expect(state.outputs.scimConfig).toEqual(kept);
        const refreshed = await test.engine.refresh(state);
        expect(refreshed?.outputs.scimConfig).toEqual(kept);
        expect(refreshed?.inputs).toEqual(state.inputs);
        expect(await test.engine.diff(refreshed ?? state, okta)).toMatchObject({ changed: false });
        const updated = await test.engine.update(refreshed ?? state, { ...okta, name: "Okta" });
        expect(updated.outputs.scimConfig).toEqual(kept);
        expect(test.server.asked.at(-1)?.body).toMatchObject({
            scim_config: { enabled: true, user_deprovision: true },
        });
    });

    it("does not know them in a preview, and has none without SCIM", async () => {
        await using test = await start([]);
        const { scimConfig } = await test.engine.preview(PROVIDER, "okta", okta);
        expect(scimConfig).toMatchObject({ ...scim, scimBaseUrl: UNKNOWN_OUTPUT });
        const { scimConfig: _, ...without } = okta;
        expect((await test.engine.preview(PROVIDER, "okta", without)).scimConfig).toBe(UNKNOWN_OUTPUT);
    });
});

it("settings of client certificates are written whole, read without drift, and left when they go", async () => {
    const settings = [{ hostname: "a.example.com", clientCertificateForwarding: true, chinaNetwork: false }];
    const wire = [{ hostname: "a.example.com", client_certificate_forwarding: true, china_network: false }];
    await using test = await start([{ result: wire }, { result: wire }, { result: [] }]);
    const state = await test.engine.create(SETTINGS, "s", { zoneId, settings });
    expect(test.server.asked[0]).toMatchObject({
        method: "PUT",
        url: `/client/v4/zones/${zoneId}/access/certificates/settings`,
        body: { settings: wire },
    });
    const refreshed = await test.engine.refresh(state);
    expect(refreshed?.inputs).toEqual({ zoneId, settings });
    await test.engine.delete(refreshed ?? state);
    expect(test.server.asked.map(({ method }) => method)).toEqual(["PUT", "GET"]);
});

describe("a look at the organization", () => {
    it("gives its settings in Pulumi's names", async () => {
        const result = { auth_domain: "team.cloudflareaccess.com", login_design: { header_text: "hello" } };
        await using test = await start([{ result }]);
        expect(await test.engine.invoke(ORGANIZATION, { accountId })).toEqual({
            accountId,
            id: accountId,
            authDomain: "team.cloudflareaccess.com",
            loginDesign: { headerText: "hello" },
        });
        expect(test.server.asked[0]?.url).toBe(`/client/v4/accounts/${accountId}/access/organizations`);
    });

    it("knows nothing without a network", async () => {
        await using test = await start([], { SALLYPORT_OFFLINE: "1" });
        expect(await test.engine.invoke(ORGANIZATION, { accountId })).toEqual({ accountId, id: accountId });
    });
});
