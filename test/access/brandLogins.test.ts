import { describe, expect, it } from "vitest";
import { AccessUnderTest, Browser } from "./support/accessUnderTest.ts";

const app = "https://app.example.com:8443/";
const azureGroup = "3fa85f64-5717-4562-b3fc-2c963f66afa6";

interface Brand {
    readonly type: string;
    readonly config?: Readonly<Record<string, unknown>>;
    /** Where the real one is. */
    readonly host?: string;
    /** A rule of this kind of provider, less the provider. */
    readonly rule: (providerId: string) => object;
    /** What whoever is let in, and who is not, says on the page in the provider's place. */
    readonly right: Readonly<Record<string, string>>;
    readonly wrong: Readonly<Record<string, string>>;
}

const of = (identity_provider_id: string) => ({ identity_provider_id });

const brands: readonly Brand[] = [
    {
        type: "google",
        host: "accounts.google.com",
        rule: () => ({ email: { email: "ann@example.com" } }),
        right: { email: "ann@example.com" },
        wrong: { email: "eve@example.com" },
    },
    {
        type: "google-apps",
        config: { apps_domain: "example.com" },
        host: "accounts.google.com",
        rule: (id) => ({ gsuite: { email: "Engineering@example.com", ...of(id) } }),
        right: { groups: "engineering@example.com" },
        wrong: { groups: "sales@example.com" },
    },
    {
        type: "github",
        host: "github.com",
        rule: (id) => ({ "github-organization": { name: "acme", ...of(id) } }),
        right: { groups: "acme/platform" },
        wrong: { groups: "other/platform" },
    },
    {
        type: "github",
        host: "github.com",
        rule: (id) => ({ "github-organization": { name: "acme", team: "platform", ...of(id) } }),
        right: { groups: "acme/platform" },
        wrong: { groups: "acme" },
    },
    {
        type: "azureAD",
        config: { support_groups: true },
        host: "login.microsoftonline.com",
        rule: (id) => ({ azureAD: { id: azureGroup, ...of(id) } }),
        right: { groups: azureGroup.toUpperCase() },
        wrong: { groups: azureGroup.replace("3", "4") },
    },
    {
        type: "azureAD",
        config: { conditional_access_enabled: true },
        host: "login.microsoftonline.com",
        rule: (id) => ({ auth_context: { id: "ctx", ac_id: "c1", ...of(id) } }),
        right: { acrs: "c2 c1" },
        wrong: { acrs: "c2" },
    },
    {
        type: "okta",
        rule: (id) => ({ okta: { name: "Engineering", ...of(id) } }),
        right: { groups: "Sales\r\nEngineering" },
        wrong: { groups: "engineering" },
    },
    {
        type: "okta",
        config: { claims: ["department"] },
        rule: (id) => ({ oidc: { claim_name: "department", claim_value: "it", ...of(id) } }),
        right: { claims: "department=it" },
        wrong: { claims: "department=ops" },
    },
    {
        type: "onetimepin",
        rule: () => ({ auth_method: { auth_method: "otp" } }),
        right: { email: "ann@example.com" },
        wrong: { email: "not an address" },
    },
];

/** An application with one provider, and one rule of its kind. */
async function setUp({ type, config = {}, rule }: Pick<Brand, "type" | "config" | "rule">) {
    const under = await AccessUnderTest.start();
    const { id } = await under.create("access/identity_providers", { name: "The login", type, config });
    const policies = [{ name: "right", decision: "allow", include: [rule(id)] }];
    await under.application({ policies, auto_redirect_to_identity: true });
    const logIn = async (said: Readonly<Record<string, string>>) => {
        const browser = new Browser(under);
        const form = await browser.open(app);
        const sent = await browser.submit(form, "/idp/", { email: "ann@example.com", ...said });
        const pin = /<strong id="pin">(\d{6})</.exec(sent.answer.body)?.[1];
        return { form, last: pin === undefined ? sent : await browser.submit(sent, "/pin", { pin }) };
    };
    return { under, logIn, [Symbol.asyncDispose]: () => under[Symbol.asyncDispose]() };
}

describe("the page in a provider's place lets in by what the provider would say:", () => {
    it.each(brands.map((brand) => [`${brand.type}, ${JSON.stringify(brand.rule(""))}`, brand] as const))(
        "%s",
        async (_, brand) => {
            await using setup = await setUp(brand);
            const { form, last } = await setup.logIn(brand.right);
            expect(last.answer.body).toBe("from the origin");
            expect(form.answer.body).toContain(
                brand.host === undefined ? "nothing is checked" : `This stands in for The login at ${brand.host}`,
            );
            const { last: refused } = await setup.logIn(brand.wrong);
            expect([400, 403]).toContain(refused.answer.status);
        },
    );
});

describe("the page in a provider's place asks for nothing that the provider would not say", () => {
    const fieldsOf = (body: string) => [...body.matchAll(/<(?:input|textarea) id="([^"]*)"/g)].map(([, id]) => id);
    const rule = () => ({ everyone: {} });

    it.each([
        ["google", {}, ["email", "name", "amr", "country"]],
        ["google-apps", {}, ["email", "name", "groups", "amr", "country"]],
        ["github", {}, ["email", "name", "groups", "country"]],
        ["azureAD", {}, ["email", "name", "amr", "acrs", "country"]],
        ["azureAD", { support_groups: true }, ["email", "name", "groups", "amr", "acrs", "country"]],
        ["okta", {}, ["email", "name", "groups", "amr", "country"]],
        ["okta", { claims: ["team"] }, ["email", "name", "groups", "claims", "amr", "country"]],
        ["onetimepin", {}, ["email", "country"]],
    ])("%s %j", async (type, config, fields) => {
        await using setup = await setUp({ type, config, rule });
        const { form } = await setup.logIn({});
        expect(fieldsOf(form.answer.body)).toEqual(fields);
    });

    it.each<[type: string, said: Readonly<Record<string, string>>, why: string]>([
        ["google-apps", { email: "ann@example.org" }, "is not in example.com, whose people alone can log in here"],
        ["google-apps", { groups: "engineering" }, "write for example engineering@example.com"],
        ["github", { groups: "acme/platform/x" }, "write for example acme/platform"],
        ["azureAD", { groups: "engineering" }, `write for example ${azureGroup}`],
        ["okta", { claims: "role=admin" }, "is not among the provider&#39;s &quot;claims&quot;"],
        ["okta", { claims: "team" }, "has no name and value"],
    ])("%s takes not %j", async (type, said, why) => {
        const config = { apps_domain: "example.com", support_groups: true, claims: ["team"] };
        await using setup = await setUp({ type, config, rule });
        const { last } = await setup.logIn(said);
        expect([last.answer.status, last.answer.body]).toEqual([400, expect.stringContaining(why)]);
    });

    it("a field that was sent along all the same counts for nothing", async () => {
        const byGroup = (id: string) => ({ okta: { name: "engineering", ...of(id) } });
        await using setup = await setUp({ type: "onetimepin", rule: byGroup });
        const { last } = await setup.logIn({ groups: "engineering", amr: "mfa", claims: "team=a" });
        expect(last.answer.status).toBe(403);
    });
});
