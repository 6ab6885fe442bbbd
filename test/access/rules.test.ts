import { describe, expect, it } from "vitest";
import type { AccessRule } from "../../emulator/accessDirectory.ts";
import { evaluateRule } from "../../emulator/edge/access/policy/rules.ts";
import type { Identity, Subject } from "../../emulator/edge/access/policy/subject.ts";
import { Truth } from "../../emulator/edge/access/policy/truth.ts";
import { ann, everything, ruleDirectory, stranger } from "./support/subjects.ts";

const directory = ruleDirectory(
    {
        staff: { include: [{ email_domain: { domain: "example.com" } }] },
        loop: { include: [{ group: { id: "loop" } }] },
    },
    { people: ["bob@example.com", "ann@example.com"], offices: ["192.0.2.1", "203.0.113.0/24"] },
);
const check = (rule: AccessRule, subject: Subject) => evaluateRule(rule, { directory, subject });
const withIdentity = (changes: Partial<Identity>): Subject => ({ ...everything, identity: { ...ann, ...changes } });
const okta = { identity_provider_id: "idp-okta" };

describe("a rule holds for one subject and not for another:", () => {
    const cases: readonly [rule: AccessRule, holdsNotFor: Subject][] = [
        [{ email: { email: "ann@EXAMPLE.com" } }, withIdentity({ email: "ann@example.org" })],
        [{ email_domain: { domain: "example.com" } }, withIdentity({ email: "ann@sub.example.com" })],
        [{ email_domain: { domain: "@example.com" } }, withIdentity({ email: "ann@example.com@evil.test" })],
        [{ email_list: { id: "people" } }, withIdentity({ email: "eve@example.com" })],
        [{ group: { id: "staff" } }, withIdentity({ email: "ann@example.org" })],
        [{ ip: { ip: "203.0.113.7" } }, { ...everything, clientIp: "203.0.113.8" }],
        [{ ip: { ip: "203.0.113.0/24" } }, { ...everything, clientIp: "203.0.114.7" }],
        [{ ip: { ip: "203.0.113.0/24" } }, { ...everything, clientIp: "2001:db8::1" }],
        [{ ip_list: { id: "offices" } }, { ...everything, clientIp: "192.0.2.2" }],
        [{ geo: { country_code: "PT" } }, { ...everything, country: "DE" }],
        [
            { service_token: { token_id: "token-ci" } },
            { ...everything, serviceToken: { id: "other", clientId: "o", name: "o" } },
        ],
        [{ any_valid_service_token: {} }, { ...everything, serviceToken: undefined }],
        [{ certificate: {} }, { ...everything, certificate: undefined }],
        [{ common_name: { common_name: "laptop-1" } }, { ...everything, certificate: { commonName: "Laptop-1" } }],
        [{ device_posture: { integration_uid: "posture-disk" } }, withIdentity({ devicePosture: [] })],
        [{ login_method: { id: "idp-okta" } }, withIdentity({ provider: { ...ann.provider, id: "other" } })],
        [{ auth_method: { auth_method: "mfa" } }, withIdentity({ authMethods: ["pwd"] })],
        [{ azureAD: { id: "engineering", ...okta } }, withIdentity({ groups: ["sales"] })],
        [{ okta: { name: "engineering", ...okta } }, withIdentity({ provider: { ...ann.provider, id: "other" } })],
        [{ "github-organization": { name: "acme", team: "platform", ...okta } }, withIdentity({ groups: ["acme"] })],
        [{ gsuite: { email: "admins@example.com", ...okta } }, withIdentity({ groups: [] })],
        [
            { saml: { attribute_name: "department", attribute_value: "ops", ...okta } },
            withIdentity({ claims: { department: ["sales"] } }),
        ],
        [{ oidc: { claim_name: "groups", claim_value: "engineering", ...okta } }, withIdentity({ groups: [] })],
        [{ oidc: { claim_name: "department", claim_value: "it", ...okta } }, withIdentity({ claims: {} })],
    ];

    it.each(cases)("%j", (rule, holdsNotFor) => {
        expect(check(rule, everything)).toBe(Truth.True);
        expect(check(rule, holdsNotFor)).toBe(Truth.False);
    });

    it("everyone is everyone", () => {
        expect(check({ everyone: {} }, stranger)).toBe(Truth.True);
    });

    it("addresses count as IPv4 where a listener for both families wrote them as IPv6", () => {
        expect(check({ ip: { ip: "203.0.113.0/24" } }, { clientIp: "::ffff:203.0.113.9" })).toBe(Truth.True);
        expect(check({ ip: { ip: "2001:db8::/32" } }, { clientIp: "2001:db8::9" })).toBe(Truth.True);
    });

    it("a letter that only looks like another, or maps to it, is not the same", () => {
        // U+212A, the Kelvin sign, whose lower case is the letter k.
        const kelvin = withIdentity({ email: "\u212Aim@example.com" });
        expect(check({ email: { email: "kim@example.com" } }, kelvin)).toBe(Truth.False);
    });
});

describe("what the emulator cannot know is neither true nor false:", () => {
    it.each<AccessRule>([
        { external_evaluation: { evaluate_url: "https://a.test", keys_url: "https://a.test/keys" } },
        { linked_app_token: { app_uid: "1" } },
        { user_risk_score: { user_risk_score: ["low"] } },
        { group: { id: "gone" } },
        { group: { id: "loop" } },
        { email_list: { id: "gone" } },
        { ip_list: { id: "gone" } },
    ])("%j", (rule) => {
        expect(check(rule, everything)).toBe(Truth.Unknown);
    });

    it("a rule of a kind from the future, and one named like something that every object has", () => {
        expect(check({ quantum: {} } as AccessRule, everything)).toBe(Truth.Unknown);
        expect(check({ toString: {} } as unknown as AccessRule, everything)).toBe(Truth.Unknown);
    });

    it("who somebody is, before they have logged in", () => {
        expect(check({ email: { email: "ann@example.com" } }, stranger)).toBe(Truth.Unknown);
        expect(check({ geo: { country_code: "PT" } }, stranger)).toBe(Truth.Unknown);
    });
});
