import { verify, X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AccessUnderTest, Browser, start, teamOrigin } from "./support/accessUnderTest.ts";
import { type Person, type ResponseFlaws, SamlProvider } from "./support/samlProvider.ts";

const app = "https://app.example.com:8443/reports?year=2026";
const callback = `${teamOrigin}/cdn-cgi/access/callback`;
const ann: Person = { nameId: "ann@example.com", attributes: { groups: ["sales", "engineering"], phone: ["1"] } };

/** An application that only people who came through the provider may enter. */
async function setUp(config = {}) {
    await using started = new AsyncDisposableStack();
    const under = started.use(await AccessUnderTest.start());
    const provider = started.use(await SamlProvider.start({ person: ann, clock: () => new Date(start) }));
    const { id } = await under.create("access/identity_providers", {
        ...{ name: "ADFS", type: "saml" },
        config: { ...provider.config, attributes: ["groups"], ...config },
    });
    const ofGroup = (attribute_value: string) => ({
        saml: { attribute_name: "groups", attribute_value, identity_provider_id: id },
    });
    const engineers = { name: "engineers", decision: "allow", include: [ofGroup("engineering")] };
    await under.application({ policies: [engineers], auto_redirect_to_identity: true });
    const disposables = started.move();
    return { under, provider, id, [Symbol.asyncDispose]: () => disposables.disposeAsync() };
}

/** Goes to the provider, and sends what it answers to where it says. */
async function logIn(browser: Browser) {
    return browser.submit(await browser.open(app), "/callback");
}

describe("a login by SAML", () => {
    it.each([
        ["the assertion", false],
        ["the whole response", true],
    ])("leads through the provider back to what was asked for, where it signs %s", async (_, signsResponse) => {
        await using setup = await setUp();
        const { under, provider, id } = setup;
        provider.signsResponse = signsResponse;
        const browser = new Browser(under);
        const { url, answer } = await logIn(browser);
        expect(url).toBe(app);
        expect(answer.forward?.["cf-access-authenticated-user-email"]).toBe("ann@example.com");
        expect(answer.rule).toBe('app "App", policy "engineers" (Allow): include saml groups engineering matched');
        const identity = await browser.get("https://app.example.com:8443/cdn-cgi/access/get-identity");
        expect(JSON.parse(identity.body)).toMatchObject({
            ...{ email: "ann@example.com", groups: ["sales", "engineering"], idp: { id, type: "saml" } },
            custom: { groups: ["sales", "engineering"] },
        });
        expect(JSON.parse(identity.body).custom.phone).toBeUndefined();
    });

    it("asks in the name of the callback, which is entity id and assertion consumer service at once", async () => {
        await using setup = await setUp();
        const { under, provider } = setup;
        await new Browser(under).open(app);
        const [request] = provider.requests;
        expect(request?.xml).toContain(`AssertionConsumerServiceURL="${callback}"`);
        expect(request?.xml).toMatch(new RegExp(`<saml:Issuer[^>]*>${callback}</saml:Issuer>`));
        expect(request?.query).not.toContain("Signature");
    });

    it("signs its request with the key that it publishes, where it is to", async () => {
        await using setup = await setUp({ sign_request: true });
        const { under, provider } = setup;
        const browser = new Browser(under);
        await browser.open(app);
        const certificates = await browser.get(`${teamOrigin}/cdn-cgi/access/certs`);
        const { public_cert } = JSON.parse(certificates.body) as { public_cert: { cert: string } };
        const { query = "" } = provider.requests[0] ?? {};
        const signed = query.slice(0, query.indexOf("&Signature="));
        expect(signed).toMatch(/^SAMLRequest=.*&RelayState=.*&SigAlg=.*rsa-sha256$/);
        const signature = Buffer.from(new URLSearchParams(query).get("Signature") ?? "", "base64");
        const { publicKey } = new X509Certificate(public_cert.cert);
        expect(verify("sha256", Buffer.from(signed), publicKey, signature)).toBe(true);
    });

    it("reads the e-mail address from the configured attribute, before the name id", async () => {
        await using setup = await setUp({ email_attribute_name: "mail" });
        const { under, provider } = setup;
        provider.person = { nameId: "x123", attributes: { ...ann.attributes, mail: ["bob@example.com"] } };
        const { answer } = await logIn(new Browser(under));
        expect(answer.forward?.["cf-access-authenticated-user-email"]).toBe("bob@example.com");
    });

    it("keeps out who is in another group", async () => {
        await using setup = await setUp();
        const { under, provider } = setup;
        provider.person = { ...ann, attributes: { groups: ["sales"], roles: ["engineering"] } };
        expect((await logIn(new Browser(under))).answer.rule).toBe(
            'app "App", policy "engineers": no rule of include matched',
        );
    });

    it("goes on while the provider changes its certificate", async () => {
        await using setup = await setUp();
        const { under, provider, id } = setup;
        await using next = await SamlProvider.start({ person: ann, clock: () => new Date(start) });
        const certificates = [...next.config.idp_public_certs, ...provider.config.idp_public_certs];
        const config = { ...provider.config, attributes: ["groups"], idp_public_certs: certificates };
        await under.create(`access/identity_providers/${id}`, { name: "ADFS", type: "saml", config }, "PUT");
        expect((await logIn(new Browser(under))).answer.status).toBe(200);
    });
});

/** A second assertion, of the attacker's making, beside the one that is signed. */
const withForgedAssertion = (xml: string, place: (forged: string, good: string) => string) => {
    const good = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? "";
    const forged = good
        .replace(/<ds:Signature[\s\S]*<\/ds:Signature>/, "")
        .replace('ID="_a1"', 'ID="_evil"')
        .replaceAll("ann@example.com", "root@example.com");
    return xml.replace(good, () => place(forged, good));
};

describe("a SAML response is refused", () => {
    it.each<[what: string, flaws: ResponseFlaws, why: string]>([
        ["that is not signed", { isUnsigned: true }, "Invalid signature"],
        ["signed by somebody else", { isForged: true }, "Invalid signature"],
        ["signed with SHA-1", { hash: "SHA-1" }, "signed with SHA-1"],
        [
            "changed after it was signed",
            { tamper: (xml) => xml.replace("ann@example.com", "root@example.com") },
            "does not hold",
        ],
        [
            "with a forged assertion before the signed one",
            { tamper: (xml) => withForgedAssertion(xml, (forged, good) => forged + good) },
            "does not hold",
        ],
        [
            "with the signed assertion inside a forged one",
            {
                tamper: (xml) =>
                    withForgedAssertion(xml, (forged, good) =>
                        forged.replace(
                            "</saml:Assertion>",
                            () => `<saml:Advice>${good}</saml:Advice></saml:Assertion>`,
                        ),
                    ),
            },
            "does not hold",
        ],
        ["for another audience", { audience: "https://other.example.com" }, "audience mismatch"],
        ["for another destination", { destination: "https://evil.test/" }, "meant for https://evil.test/"],
        ["for another recipient", { recipient: "https://evil.test/" }, "another recipient"],
        ["to another request", { inResponseTo: "_other" }, "answers another request"],
        ["of another provider", { issuer: "https://idp.evil.test" }, "is https://idp.evil.test&#39;s"],
        ["that is over", { laterMs: -361_000 }, "is over"],
        ["whose confirmation is over", { confirmedLaterMs: -361_000 }, "is over"],
        ["whose confirmation never ends", { confirmedLaterMs: null }, "is not a valid date"],
        ["that is not yet good", { laterMs: 61_000 }, "not yet good"],
        ["that is not XML", { tamper: () => "<" }, "did not succeed"],
        ["that is empty", { tamper: () => "" }, "did not succeed"],
        [
            "that reads a file (XML external entities)",
            {
                tamper: (xml) =>
                    `<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml.replace("ann@example.com", "&e;")}`,
            },
            "did not succeed",
        ],
    ])("%s", async (_, flaws, why) => {
        await using setup = await setUp();
        const { under, provider } = setup;
        provider.flaws = flaws;
        const browser = new Browser(under);
        const { answer } = await logIn(browser);
        expect(answer.status).toBe(403);
        expect(answer.body).toContain("The login at ADFS did not succeed");
        expect(answer.body).toContain(why);
        expect(browser.cookie("app.example.com", "CF_Authorization")).toBeUndefined();
    });

    it.each<[what: string, person: Person, why: string]>([
        ["without an e-mail address", { nameId: "x123", nameIdFormat: "unspecified" }, "has no e-mail address"],
        ["with one that is none", { nameId: "x123" }, "does not know as one"],
    ])("%s", async (_, person, why) => {
        await using setup = await setUp();
        const { under, provider } = setup;
        provider.person = person;
        const { answer } = await logIn(new Browser(under));
        expect([answer.status, answer.body]).toEqual([403, expect.stringContaining(why)]);
    });

    it("a second time, in another browser, after ten minutes, and unasked", async () => {
        await using setup = await setUp();
        const { under } = setup;
        const first = new Browser(under);
        const page = await first.open(app);
        expect((await new Browser(under).submit(page, "/callback")).answer.status).toBe(400);
        expect((await first.submit(page, "/callback")).answer.status).toBe(200);
        expect((await first.submit(page, "/callback")).answer.status).toBe(400);
        const second = new Browser(under);
        const late = await second.open(app);
        under.later(600_000);
        expect((await second.submit(late, "/callback")).answer.status).toBe(400);
        const unasked = late.answer.body.replace(/name="RelayState" value="[^"]*"/, 'name="RelayState" value=""');
        const again = await second.submit({ ...late, answer: { ...late.answer, body: unasked } }, "/callback");
        expect(again.answer.status).toBe(400);
    });
});

it("a comment within a name id does not cut it short", async () => {
    await using setup = await setUp();
    const { under, provider } = setup;
    provider.person = { ...ann, nameId: "ann@example.com.evil.test" };
    provider.flaws = { tamper: (xml) => xml.replace(">ann@example.com.evil", ">ann@example.com<!-- -->.evil") };
    const { answer } = await logIn(new Browser(under));
    expect(answer.forward?.["cf-access-authenticated-user-email"]).toBe("ann@example.com.evil.test");
});
