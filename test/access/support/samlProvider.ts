import { createServer } from "node:http";
import { inflateRawSync } from "node:zlib";
import { newSigningKey, type SigningKey } from "../../../emulator/edge/access/tokens/signingKey.ts";
import { listen } from "../../../emulator/listen.ts";

const protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
const assertionNamespace = "urn:oasis:names:tc:SAML:2.0:assertion";
const signatureNamespace = "http://www.w3.org/2000/09/xmldsig#";
const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";

/** What a response says where it is not as it should be. */
export interface ResponseFlaws {
    readonly audience?: string;
    readonly destination?: string;
    readonly recipient?: string;
    readonly inResponseTo?: string;
    readonly issuer?: string;
    /** How much later, in milliseconds, everything that is said of time is. */
    readonly laterMs?: number;
    /** The same for the subject's confirmation alone; null says nothing of time there. */
    readonly confirmedLaterMs?: number | null;
    /** Signs with a key whose certificate nobody knows. */
    readonly isForged?: boolean;
    readonly isUnsigned?: boolean;
    readonly hash?: "SHA-1";
    /** Changes the whole response once it is signed. */
    readonly tamper?: (xml: string) => string;
}

export interface Person {
    readonly nameId: string;
    /** As in `urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress`. */
    readonly nameIdFormat?: string;
    readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

export interface SamlProviderOptions {
    readonly person: Person;
    readonly clock: () => Date;
}

/** What the provider was asked. */
export interface AuthnRequest {
    readonly xml: string;
    /** The whole query as it came, for its signature (SAML bindings 3.4.4.1). */
    readonly query: string;
}

/**
 * A provider that speaks SAML 2.0's Web SSO profile: requests by redirect, responses by a form. It writes its XML in canonical form from
 * the start (exclusive XML canonicalization), so that signing it takes no library, and none in common with what is tested.
 */
export class SamlProvider implements AsyncDisposable {
    readonly origin: string;
    readonly requests: AuthnRequest[] = [];
    person: Person;
    flaws: ResponseFlaws = {};
    /** Signs the whole response rather than the assertion. */
    signsResponse = false;
    readonly #key: SigningKey;
    readonly #otherKey: SigningKey;
    readonly #clock: () => Date;
    readonly #stop: () => Promise<void>;

    private constructor(
        origin: string,
        [key, otherKey]: readonly [SigningKey, SigningKey],
        { person, clock }: SamlProviderOptions,
        stop: () => Promise<void>,
    ) {
        this.origin = origin;
        this.person = person;
        this.#key = key;
        this.#otherKey = otherKey;
        this.#clock = clock;
        this.#stop = stop;
    }

    static async start(options: SamlProviderOptions): Promise<SamlProvider> {
        const now = options.clock();
        const keys = await Promise.all([newSigningKey("idp", now), newSigningKey("idp", now)]);
        const ready = Promise.withResolvers<SamlProvider>();
        const server = createServer(async (request, response) => {
            const provider = await ready.promise;
            const url = new URL(request.url ?? "", provider.origin);
            response.writeHead(200, { "content-type": "text/html" }).end(await provider.#logIn(url));
        });
        const port = await listen(server, 0);
        const stop = async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await closed;
        };
        const provider = new SamlProvider(`http://127.0.0.1:${port}`, keys, options, stop);
        ready.resolve(provider);
        return provider;
    }

    /** `config` for Access. */
    get config() {
        return {
            issuer_url: `${this.origin}/metadata`,
            sso_target_url: `${this.origin}/sso`,
            idp_public_certs: [this.#key.certificate],
        };
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#stop();
    }

    /** The page that sends the browser back with the response; a browser with scripts would send the form by itself. */
    async #logIn({ searchParams, search }: URL): Promise<string> {
        const xml = inflateRawSync(Buffer.from(searchParams.get("SAMLRequest") ?? "", "base64")).toString();
        this.requests.push({ xml, query: search.slice(1) });
        const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(xml)?.[1] ?? "";
        const acs = attribute("AssertionConsumerServiceURL");
        const response = await this.#response(attribute("ID"), acs, /<saml:Issuer[^>]*>([^<]*)</.exec(xml)?.[1] ?? "");
        const fields = { SAMLResponse: Buffer.from(response).toString("base64") };
        return form(acs, { ...fields, RelayState: searchParams.get("RelayState") ?? "" });
    }

    async #response(requestId: string, acs: string, entityId: string): Promise<string> {
        const { flaws } = this;
        const at = this.#clock().getTime() + (flaws.laterMs ?? 0);
        const destination = flaws.destination ?? acs;
        const inResponseTo = flaws.inResponseTo ?? requestId;
        const assertion = this.#assertion({
            at,
            inResponseTo,
            recipient: flaws.recipient ?? acs,
            audience: flaws.audience ?? entityId,
        });
        const status = `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status>`;
        const around = (inner: string) =>
            `<samlp:Response xmlns:samlp="${protocol}" Destination="${destination}" ID="_r1" InResponseTo="${inResponseTo}" IssueInstant="${instant(at)}" Version="2.0">${issuer(this.#issuer, true)}${status}${inner}</samlp:Response>`;
        const xml = this.signsResponse
            ? await this.#signed(around(assertion), "_r1")
            : around(await this.#signed(assertion, "_a1"));
        return flaws.tamper?.(xml) ?? xml;
    }

    #assertion(told: { at: number; recipient: string; inResponseTo: string; audience: string }): string {
        const { nameId, nameIdFormat = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" } = this.person;
        const until = instant(told.at + 300_000);
        const { confirmedLaterMs = 0 } = this.flaws;
        const confirmedUntil =
            confirmedLaterMs === null ? "" : ` NotOnOrAfter="${instant(told.at + 300_000 + confirmedLaterMs)}"`;
        const from = instant(told.at);
        const attributes = Object.entries(this.person.attributes ?? {}).map(
            ([name, values]) =>
                `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join("")}</saml:Attribute>`,
        );
        return [
            `<saml:Assertion xmlns:saml="${assertionNamespace}" ID="_a1" IssueInstant="${from}" Version="2.0">`,
            issuer(this.#issuer),
            `<saml:Subject><saml:NameID Format="${nameIdFormat}">${nameId}</saml:NameID>`,
            `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
            `<saml:SubjectConfirmationData InResponseTo="${told.inResponseTo}"${confirmedUntil} Recipient="${told.recipient}"></saml:SubjectConfirmationData>`,
            `</saml:SubjectConfirmation></saml:Subject>`,
            `<saml:Conditions NotBefore="${from}" NotOnOrAfter="${until}"><saml:AudienceRestriction><saml:Audience>${told.audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
            attributes.length === 0 ? "" : `<saml:AttributeStatement>${attributes.join("")}</saml:AttributeStatement>`,
            `</saml:Assertion>`,
        ].join("");
    }

    get #issuer(): string {
        return this.flaws.issuer ?? `${this.origin}/metadata`;
    }

    /** The element with an enveloped signature after its issuer. */
    async #signed(canonical: string, id: string): Promise<string> {
        const { isUnsigned, isForged, hash = "SHA-256" } = this.flaws;
        if (isUnsigned) {
            return canonical;
        }
        const digest = Buffer.from(await crypto.subtle.digest(hash, Buffer.from(canonical))).toString("base64");
        const signedInfo = signedInfoOf(id, digest, hash);
        const { privateKey } = isForged ? this.#otherKey : this.#key;
        const signature = await signatureOf(privateKey, signedInfo, hash);
        const element = `<ds:Signature xmlns:ds="${signatureNamespace}">${signedInfo}<ds:SignatureValue>${signature}</ds:SignatureValue></ds:Signature>`;
        return canonical.replace("</saml:Issuer>", () => `</saml:Issuer>${element}`);
    }
}

async function signatureOf(key: SigningKey["privateKey"], text: string, hash: string): Promise<string> {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
    // A WebCrypto key is for one hash.
    const pkcs8 = await crypto.subtle.exportKey("pkcs8", key);
    const own = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
    return Buffer.from(await crypto.subtle.sign(algorithm, own, Buffer.from(text))).toString("base64");
}

function signedInfoOf(id: string, digest: string, hash: string): string {
    const algorithms =
        hash === "SHA-1"
            ? [`${signatureNamespace}rsa-sha1`, `${signatureNamespace}sha1`]
            : ["http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"];
    const empty = (name: string, algorithm = "") => `<ds:${name} Algorithm="${algorithm}"></ds:${name}>`;
    return [
        `<ds:SignedInfo xmlns:ds="${signatureNamespace}">${empty("CanonicalizationMethod", exclusive)}`,
        `${empty("SignatureMethod", algorithms[0])}<ds:Reference URI="#${id}"><ds:Transforms>`,
        `${empty("Transform", `${signatureNamespace}enveloped-signature`)}${empty("Transform", exclusive)}</ds:Transforms>`,
        `${empty("DigestMethod", algorithms[1])}<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
    ].join("");
}

/** Canonical form declares a prefix where it is first used. */
function issuer(name: string, declares = false): string {
    return `<saml:Issuer${declares ? ` xmlns:saml="${assertionNamespace}"` : ""}>${name}</saml:Issuer>`;
}

function form(action: string, fields: Readonly<Record<string, string>>): string {
    const inputs = Object.entries(fields).map(
        ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    return `<form method="post" action="${action}">${inputs.join("")}<button>Continue</button></form>`;
}

const instant = (time: number): string => new Date(time).toISOString();
