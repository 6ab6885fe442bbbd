import { describe, expect, it } from "vitest";
import { deploy as deployStack } from "../../stacks/deploy.ts";
import { Token } from "../components/fixtures.ts";
import { deploy, promiseOf, uuid } from "../support/mocks.ts";
import { emails, environment, whole } from "./support/identityStack.ts";

describe("identity in a stack file", () => {
    it("becomes providers, checks, authorities, the organization and audiences that refer to them", async () => {
        const { inputsOf, error, resources } = await deploy(() => deployStack(environment(...whole)));
        expect(error).toBeUndefined();
        expect(inputsOf(Token.IdentityProvider, "workspace-provider")).toMatchObject({
            name: "workspace",
            type: "google-apps",
            config: { clientId: "id", appsDomain: "example.com" },
        });
        expect(inputsOf(Token.IdentityProvider, "okta-provider")).toMatchObject({
            name: "Okta",
            scimConfig: { enabled: true },
        });
        expect(inputsOf(Token.IdentityProvider, "pin-provider")).toMatchObject({ type: "onetimepin", config: {} });
        expect(inputsOf(Token.PostureRule, "disk-mac")).toMatchObject({ name: "staging-disk (mac)", schedule: "10m" });
        expect(inputsOf(Token.AccessPolicy, "staff-people")).toMatchObject({
            includes: [{ gsuite: { email: "staff@example.com", identityProviderId: uuid("workspace-provider") } }],
            requires: [
                { certificate: {} },
                { group: { id: "staff-login-methods-id" } },
                { authMethod: { authMethod: "mfa" } },
                { group: { id: "staff-posture-0-id" } },
                { group: { id: "staff-posture-1-id" } },
            ],
            excludes: [
                { okta: { name: "Contractors", identityProviderId: uuid("okta-provider") } },
                { geo: { countryCode: "US" } },
            ],
            approvalRequired: true,
            purposeJustificationPrompt: "Which ticket?",
        });
        expect(inputsOf(Token.AccessGroup, "staff-posture-1")).toMatchObject({
            includes: [uuid("macos-mac"), uuid("windows-windows")].map((integrationUid) => ({
                devicePosture: { integrationUid },
            })),
        });
        expect(inputsOf(Token.ClientCertificateAuthority, "machines-certificate")).toMatchObject({
            name: "staging-machines",
            associatedHostnames: ["wiki.example.com"],
        });
        expect(inputsOf(Token.ClientCertificateSettings, "client-certificate-forwarding-settings")).toMatchObject({
            settings: [
                { hostname: "old.example.com", clientCertificateForwarding: false },
                { hostname: "wiki.example.com", clientCertificateForwarding: true },
            ],
        });
        expect(inputsOf(Token.AccessOrganization, "organization-settings")).toMatchObject({ sessionDuration: "12h" });
        expect(resources.filter(({ type }) => type === Token.PostureRule)).toHaveLength(4);
    });

    it("gives what to register at each provider", async () => {
        const { result } = await deploy(() => deployStack(environment(...whole)));
        const { identityProviders = {} } = result as { identityProviders?: Record<string, Registration> };
        expect(Object.keys(identityProviders)).toEqual(["workspace", "okta", "pin"]);
        expect(await promiseOf((identityProviders.okta as Registration).callbackUrl)).toBe(
            "https://example.cloudflareaccess.com/cdn-cgi/access/callback",
        );
    });

    it("leaves the organization, the zone's settings and the outputs alone where it says nothing of them", async () => {
        const { resources, result } = await deploy(() => deployStack(environment({ emails })));
        const types = resources.map(({ type }) => type);
        expect(types).not.toContain(Token.AccessOrganization);
        expect(types).not.toContain(Token.ClientCertificateSettings);
        expect(result).not.toHaveProperty("identityProviders");
    });
});

type Registration = { callbackUrl: import("@pulumi/pulumi").Output<string> };
