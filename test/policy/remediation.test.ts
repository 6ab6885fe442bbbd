import { type ResourceRemediation, unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { toPolicy } from "../../policy/policies.ts";
import { rules } from "../../policy/rules/index.ts";
import { catchAll, cloudflare, guarded } from "./support/cases.ts";
import { type Described, UNKNOWN_ON_THE_WIRE as UNKNOWN, urnOf } from "./support/judge.ts";

/** What a rule makes of a resource at the level `remediate`: its inputs, or nothing where it leaves them alone. */
function remedied(name: string, resource: Described, config: Readonly<Record<string, unknown>> = {}): unknown {
    const rule = rules.find((one) => one.name === name);
    if (rule === undefined) throw new Error(`There is no rule '${name}'.`);
    const policy = toPolicy(rule, () => new Date("2026-11-22T12:00:00Z"));
    if (!("remediateResource" in policy) || policy.remediateResource === undefined) return "no remedy";
    const inputs = structuredClone(resource.props) as Record<string, unknown>;
    const result = policy.remediateResource({
        ...{ type: resource.type, name: resource.name, urn: urnOf(resource), props: unknownCheckingProxy(inputs) },
        getConfig: <T>() => config as T,
    } as Parameters<ResourceRemediation>[0]);
    return result === undefined ? undefined : inputs;
}

const SESSION = "access-session-is-short-enough";
const rule = { hostname: "a.example.com", service: "http://a", originRequest: guarded };

describe("at the level remediate", () => {
    it("a long session is cut to the maximum, beside values that are not known", () => {
        const long = cloudflare.application("wiki", { domain: UNKNOWN, sessionDuration: "168h" });
        expect(remedied(SESSION, long)).toEqual({ domain: UNKNOWN, sessionDuration: "24h" });
        expect(remedied(SESSION, long, { maximum: "8h" })).toEqual({ domain: UNKNOWN, sessionDuration: "8h" });
    });

    it("a login through OpenID Connect gets PKCE", () => {
        const provider = cloudflare.identityProvider("oidc", { type: "oidc", config: { clientId: UNKNOWN } });
        expect(remedied("oidc-login-uses-pkce", provider)).toEqual({
            type: "oidc",
            config: { clientId: UNKNOWN, pkceEnabled: true },
        });
    });

    it("an ingress document gets its last rule", () => {
        expect(remedied("ingress-ends-with-catch-all", cloudflare.ingress("tunnel", [UNKNOWN, rule]))).toEqual({
            config: { ingresses: [UNKNOWN, rule, catchAll] },
        });
    });

    it.each([
        ["what is right", SESSION, cloudflare.application("wiki", { sessionDuration: "8h" })],
        ["another type", SESSION, cloudflare.serviceToken("ci", { sessionDuration: "168h" })],
        ["what is not known", SESSION, cloudflare.application("wiki", { sessionDuration: UNKNOWN })],
        ["what has no place for it", "oidc-login-uses-pkce", cloudflare.identityProvider("oidc", { type: "oidc" })],
        [
            "a last rule that somebody meant",
            "ingress-ends-with-catch-all",
            cloudflare.ingress("tunnel", [rule, { service: "http://a" }]),
        ],
    ])("%s is left alone", (_, name, resource) => {
        expect(remedied(name, resource)).toBeUndefined();
    });

    it("what is waived is left alone, until the waiver ends", () => {
        const long = cloudflare.application("wiki", { sessionDuration: "168h" });
        const waivedUntil = (until: string) => ({ waivers: [{ resource: "wiki", reason: "a kiosk", until }] });
        expect(remedied(SESSION, long, waivedUntil("2026-11-22"))).toBeUndefined();
        expect(remedied(SESSION, long, waivedUntil("2026-11-21"))).toEqual({ sessionDuration: "24h" });
    });

    it("a rule without a remedy makes nothing right", () => {
        expect(remedied("no-bypass-in-access-policy", cloudflare.policy("open", { decision: "bypass" }))).toBe(
            "no remedy",
        );
    });
});
