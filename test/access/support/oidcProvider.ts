import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";
import { listen } from "../../../emulator/listen.ts";

type Key = Awaited<ReturnType<typeof generateKeyPair>>["privateKey"];

/** How an ID token is made out, where it is not as it should be. */
export interface TokenFlaws {
    readonly claims?: JWTPayload;
    /** Claims that are left out. */
    readonly without?: readonly string[];
    /** Signs with a key that the provider does not publish. */
    readonly isForged?: boolean;
    /** Gives it out unsigned (RFC 7519, 6). */
    readonly isUnsigned?: boolean;
}

export interface OidcProviderOptions {
    readonly clientSecret?: string;
    /** The person who is logged in there. */
    readonly person: JWTPayload;
    readonly flaws?: TokenFlaws;
    readonly clock: () => Date;
}

/** What the client asked the authorization endpoint for. */
interface Grant {
    readonly nonce: string;
    readonly redirectUri: string;
    readonly challenge: string | undefined;
}

/** A provider that speaks OpenID Connect's code flow, for one client, on loopback. It is as strict as the standard lets it be. */
export class OidcProvider implements AsyncDisposable {
    readonly clientId = "access client";
    /** Characters that mean something in HTTP Basic and in forms. */
    readonly clientSecret = "s:e%c&r et+";
    readonly origin: string;
    /** What the token endpoint was asked with, and what it answered. */
    readonly tokenRequests: { readonly form: Readonly<Record<string, string>>; readonly status: number }[] = [];
    person: JWTPayload;
    flaws: TokenFlaws;
    readonly #stop: () => Promise<void>;

    private constructor(origin: string, stop: () => Promise<void>, { person, flaws = {} }: OidcProviderOptions) {
        this.origin = origin;
        this.#stop = stop;
        this.person = person;
        this.flaws = flaws;
    }

    static async start(options: OidcProviderOptions): Promise<OidcProvider> {
        const own = await generateKeyPair("ES256");
        const others = await generateKeyPair("ES256");
        const jwk: JWK = { ...(await exportJWK(own.publicKey)), kid: "one", alg: "ES256", use: "sig" };
        const grants = new Map<string, Grant>();
        const ready = Promise.withResolvers<OidcProvider>();
        const server = createServer(async (request, response) => {
            const provider = await ready.promise;
            const url = new URL(request.url ?? "", provider.origin);
            if (url.pathname === "/keys") {
                return json(response, 200, { keys: [jwk] });
            }
            if (url.pathname === "/authorize") {
                return authorize(provider, grants, url.searchParams, response);
            }
            const key = provider.flaws.isForged ? others.privateKey : own.privateKey;
            const [status, answer] = await token(provider, grants, request, key, options.clock());
            json(response, status, answer);
        });
        const port = await listen(server, 0);
        const stop = async () => {
            const closed = new Promise((resolve) => server.close(resolve));
            server.closeAllConnections();
            await closed;
        };
        const provider = new OidcProvider(`http://127.0.0.1:${port}`, stop, options);
        ready.resolve(provider);
        return provider;
    }

    /** `config` for Access. */
    get config() {
        return {
            client_id: this.clientId,
            client_secret: this.clientSecret,
            auth_url: `${this.origin}/authorize`,
            token_url: `${this.origin}/token`,
            certs_url: `${this.origin}/keys`,
        };
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#stop();
    }
}

/** Logs the one person in, and sends the browser back with a code. */
function authorize(
    { clientId }: OidcProvider,
    grants: Map<string, Grant>,
    asked: URLSearchParams,
    response: ServerResponse,
): void {
    const isGood =
        asked.get("response_type") === "code" &&
        asked.get("client_id") === clientId &&
        (asked.get("scope") ?? "").split(" ").includes("openid") &&
        ["S256", null].includes(asked.get("code_challenge_method"));
    if (!isGood) {
        json(response, 400, { error: "invalid_request" });
        return;
    }
    const redirectUri = asked.get("redirect_uri") ?? "";
    const code = createHash("sha256").update(`${asked}`).digest("hex");
    grants.set(code, {
        nonce: asked.get("nonce") ?? "",
        redirectUri,
        challenge: asked.get("code_challenge") ?? undefined,
    });
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({ code, state: asked.get("state") ?? "" }).toString();
    response.writeHead(302, { location: back.href }).end();
}

/** Changes a code for tokens, once. */
async function token(
    provider: OidcProvider,
    grants: Map<string, Grant>,
    request: IncomingMessage,
    key: Key,
    now: Date,
): Promise<[status: number, answer: unknown]> {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    const answer = (status: number, body: unknown): [number, unknown] => {
        provider.tokenRequests.push({ form, status });
        return [status, body];
    };
    const [id, secret] = Buffer.from(request.headers.authorization?.split(" ")[1] ?? "", "base64")
        .toString()
        .split(":")
        .map((part) => new URLSearchParams(`x=${part}`).get("x"));
    if (id !== provider.clientId || secret !== provider.clientSecret) {
        return answer(401, { error: "invalid_client" });
    }
    const grant = grants.get(form.code ?? "");
    grants.delete(form.code ?? "");
    const challenge = createHash("sha256")
        .update(form.code_verifier ?? "")
        .digest("base64url");
    const isGood =
        form.grant_type === "authorization_code" &&
        form.redirect_uri === grant?.redirectUri &&
        (grant?.challenge === undefined || grant.challenge === challenge);
    if (grant === undefined || !isGood) {
        return answer(400, { error: "invalid_grant" });
    }
    return answer(200, { token_type: "Bearer", id_token: await idToken(provider, grant, key, now) });
}

async function idToken(
    { origin, clientId, person, flaws }: OidcProvider,
    { nonce }: Grant,
    key: Key,
    now: Date,
): Promise<string> {
    const seconds = Math.floor(now.getTime() / 1000);
    const usual = { iss: origin, sub: "1", aud: clientId, iat: seconds, exp: seconds + 300, nonce };
    const all: JWTPayload = { ...usual, ...person, ...flaws.claims };
    const claims = Object.fromEntries(Object.entries(all).filter(([name]) => !flaws.without?.includes(name)));
    if (flaws.isUnsigned) {
        const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString("base64url");
        return `${encoded({ alg: "none" })}.${encoded(claims)}.`;
    }
    return new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid: "one" }).sign(key);
}

function json(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
