import { SAML } from "@node-saml/node-saml";
import { parseDomFromString } from "@node-saml/node-saml/lib/xml.js";
import { exportPKCS8 } from "jose";
import { z } from "zod";
import type { SigningKey } from "../tokens/signingKey.ts";
import type { PendingLogin } from "./pendingLogins.ts";
import type { SamlSettings } from "./settings.ts";
import { LoginRefusedError, selected, textsOf, type Vouched } from "./vouched.ts";

const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const emailFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/** How far the provider's clock may be off. */
const clockToleranceMs = 60_000;

const time = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const window = z.looseObject({ NotBefore: time.optional(), NotOnOrAfter: time.optional() });
type Window = z.infer<typeof window>;

/** The parts of an assertion that say for whom, when and for which login it is (SAML profiles 4.1.4.2), as the library parses them. */
const assertionShape = z.looseObject({
    Issuer: z.tuple([z.looseObject({ _: z.string() })]),
    Subject: z.tuple([
        z.looseObject({
            SubjectConfirmation: z.array(
                z.looseObject({
                    $: z.looseObject({ Method: z.string() }),
                    SubjectConfirmationData: z
                        .tuple([
                            z.looseObject({
                                $: window.extend({
                                    Recipient: z.string().optional(),
                                    InResponseTo: z.string().optional(),
                                }),
                            }),
                        ])
                        .optional(),
                }),
            ),
        }),
    ]),
    Conditions: z.tuple([z.looseObject({ $: window.default({}) })]),
});
type Assertion = z.infer<typeof assertionShape>;

/** Where to send the browser: an `AuthnRequest` by HTTP redirect, signed with Access's own key where the provider wants it signed. */
export async function authnRequestUrl(
    settings: SamlSettings,
    state: string,
    login: PendingLogin,
    signingKey: SigningKey,
): Promise<string> {
    const signing = settings.sign_request
        ? { privateKey: await exportPKCS8(signingKey.privateKey), signatureAlgorithm: "sha256" as const }
        : {};
    return serviceProvider(settings, login, signing).getAuthorizeUrlAsync(state, undefined, {});
}

/**
 * Checks a response, and reads who it is about. The library sees to the signature, to the audience, and that nothing is read but what
 * is signed; here are the time, the provider, the recipient, and the request that it answers.
 *
 * @param response as the browser posts it, base64.
 * @throws LoginRefusedError
 */
export async function redeemResponse(
    settings: SamlSettings,
    login: PendingLogin,
    response: string,
    now: Date,
): Promise<Vouched> {
    await checkEnvelope(response, login.callbackUrl);
    const { profile } = await verified(settings, login, response);
    const assertion = assertionShape.safeParse(profile?.getAssertion?.().Assertion);
    if (profile === null || !assertion.success) {
        throw new LoginRefusedError("the SAML assertion lacks an issuer, conditions, or a confirmed subject");
    }
    checkAssertion(assertion.data, settings, login, now);
    const attributes = attributesShape.parse(profile.attributes ?? {});
    const [email = profile.nameIDFormat === emailFormat ? profile.nameID : undefined] = textsOf(
        attributes[settings.email_attribute_name] ?? [],
    );
    if (!email) {
        throw new LoginRefusedError(
            `the SAML assertion has no e-mail address in the attribute "${settings.email_attribute_name}", nor as its name id`,
        );
    }
    const taken = selected(attributes, settings.attributes);
    return { email, groups: taken.groups, claims: taken };
}

const attributesShape = z.record(z.string(), z.unknown());

/** What is used here of the library's document; the project compiles without the browser's types. */
interface XmlElement {
    getAttribute(name: string): string | null;
}
interface XmlDocument {
    readonly documentElement: XmlElement;
    getElementsByTagNameNS(namespace: string, name: string): ArrayLike<XmlElement>;
}

/** What the envelope says need not be signed; but one that is meant for another address is refused, and so is one signed with SHA-1. */
async function checkEnvelope(response: string, callbackUrl: string): Promise<void> {
    const document = await parsed(response);
    const destination = document.documentElement.getAttribute("Destination");
    if (destination && destination !== callbackUrl) {
        throw new LoginRefusedError(`the SAML response is meant for ${destination}, not for ${callbackUrl}`);
    }
    const methods = ["SignatureMethod", "DigestMethod"].flatMap((name) =>
        Array.from(document.getElementsByTagNameNS("http://www.w3.org/2000/09/xmldsig#", name)),
    );
    if (methods.some((method) => /sha1$/.test(method.getAttribute("Algorithm") ?? ""))) {
        throw new LoginRefusedError("the SAML response is signed with SHA-1; let the provider sign with SHA-256");
    }
}

async function parsed(response: string): Promise<XmlDocument> {
    try {
        return await parseDomFromString(Buffer.from(response, "base64").toString("utf8"));
    } catch (cause) {
        throw new LoginRefusedError("the SAML response is not XML", { cause });
    }
}

async function verified(settings: SamlSettings, login: PendingLogin, response: string) {
    try {
        return await serviceProvider(settings, login).validatePostResponseAsync({ SAMLResponse: response });
    } catch (cause) {
        // The library throws plain errors for everything that is wrong with a response.
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new LoginRefusedError(`the SAML response does not hold: ${reason}`, { cause });
    }
}

function checkAssertion(
    { Issuer: [issuer], Subject: [subject], Conditions: [conditions] }: Assertion,
    { issuer_url }: SamlSettings,
    { callbackUrl, requestId }: PendingLogin,
    now: Date,
): void {
    if (issuer._.trim() !== issuer_url) {
        throw new LoginRefusedError(`the SAML assertion is ${issuer._.trim()}'s, not ${issuer_url}'s`);
    }
    if (!isNow(conditions.$, now)) {
        throw new LoginRefusedError("the SAML assertion is over, or not yet good");
    }
    const confirmations = subject.SubjectConfirmation.flatMap(({ $, SubjectConfirmationData: data }) =>
        $.Method === bearer && data !== undefined ? [data[0].$] : [],
    );
    const mine = confirmations.filter(({ InResponseTo }) => InResponseTo === requestId);
    if (mine.length === 0) {
        throw new LoginRefusedError("the SAML assertion answers another request (InResponseTo)");
    }
    const forUs = mine.filter(({ Recipient }) => Recipient === callbackUrl);
    if (forUs.length === 0) {
        throw new LoginRefusedError(`the SAML assertion has another recipient than ${callbackUrl}`);
    }
    if (!forUs.some((data) => data.NotOnOrAfter !== undefined && isNow(data, now))) {
        throw new LoginRefusedError(
            "the confirmation of the SAML assertion is over, or does not say until when it is good",
        );
    }
}

function isNow({ NotBefore: from = -Infinity, NotOnOrAfter: until = Infinity }: Window, now: Date): boolean {
    const time = now.getTime();
    return from <= time + clockToleranceMs && time - clockToleranceMs < until;
}

/** Access as the provider sees it: entity id, audience and assertion consumer service are all the callback. */
function serviceProvider(
    { sso_target_url, idp_public_certs }: SamlSettings,
    { callbackUrl, requestId }: PendingLogin,
    signing: { readonly privateKey?: string; readonly signatureAlgorithm?: "sha256" } = {},
): SAML {
    return new SAML({
        issuer: callbackUrl,
        audience: callbackUrl,
        callbackUrl,
        entryPoint: sso_target_url,
        idpCert: idp_public_certs.map((certificate) => certificate.replaceAll("\r\n", "\n").trim()),
        identifierFormat: null,
        disableRequestedAuthnContext: true,
        // One signature is enough, on the response or on the assertion; what none covers is never read.
        wantAuthnResponseSigned: false,
        wantAssertionsSigned: false,
        // Compared above, by the edge's clock rather than the machine's.
        acceptedClockSkewMs: -1,
        generateUniqueId: () => requestId,
        ...signing,
    });
}
