import { createHash } from "node:crypto";
import type { JWTPayload } from "jose";
import { z } from "zod";
import { fetchJson } from "./fetchJson.ts";
import type { PendingLogin } from "./pendingLogins.ts";
import type { OidcSettings } from "./settings.ts";
import { verifyForeignToken } from "./signedToken.ts";
import { LoginRefusedError, selected, textsOf, type Vouched } from "./vouched.ts";

/** Signatures that only the provider can make. A shared secret's (HS256) and none at all are not among them. */
const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];
/** How far the provider's clock may be off. */
const clockToleranceSeconds = 60;

const tokenAnswer = z.looseObject({ id_token: z.string() });

/** Where to send the browser (OpenID Connect Core 3.1.2.1). */
export function authorizationUrl(
    settings: OidcSettings,
    state: string,
    { callbackUrl, nonce, codeVerifier }: PendingLogin,
): string {
    const url = new URL(settings.auth_url);
    const parameters = {
        response_type: "code",
        client_id: settings.client_id,
        redirect_uri: callbackUrl,
        scope: settings.scopes.join(" "),
        state,
        nonce,
        ...(settings.prompt === undefined ? {} : { prompt: settings.prompt }),
        ...(settings.pkce_enabled
            ? {
                  code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
                  code_challenge_method: "S256",
              }
            : {}),
    };
    for (const [name, value] of Object.entries(parameters)) {
        url.searchParams.set(name, value);
    }
    return url.href;
}

/**
 * Changes the code for an ID token, and checks that (OpenID Connect Core 3.1.3). The API knows no issuer of a provider, so `iss` is
 * not compared: whose token it is says the key that signed it.
 *
 * @throws LoginRefusedError
 */
export async function redeemCode(
    settings: OidcSettings,
    login: PendingLogin,
    code: string,
    now: Date,
): Promise<Vouched> {
    const claims = await verifiedClaims(settings, login, await idTokenFor(settings, login, code), now);
    const email = claims[settings.email_claim_name];
    if (typeof email !== "string" || email === "") {
        throw new LoginRefusedError(`the ID token has no e-mail address in the claim "${settings.email_claim_name}"`);
    }
    // Only a plain `email` is what `email_verified` speaks of (Core 5.1). Some write the boolean as a text.
    if (settings.email_claim_name === "email" && String(claims.email_verified ?? true) !== "true") {
        throw new LoginRefusedError("the provider has not verified the e-mail address");
    }
    const taken = selected(claims, settings.claims);
    return {
        email,
        name: typeof claims.name === "string" ? claims.name : undefined,
        groups: taken.groups,
        claims: taken,
        authMethods: textsOf(claims.amr ?? []),
    };
}

/** The client authenticates with HTTP Basic, which every provider must take (RFC 6749, 2.3.1). How Cloudflare does it is not verified. */
async function idTokenFor(
    { client_id, client_secret, token_url, pkce_enabled }: OidcSettings,
    { callbackUrl, codeVerifier }: PendingLogin,
    code: string,
): Promise<string> {
    const credentials = [client_id, client_secret].map(formEncoded).join(":");
    const answer = await fetchJson("the token endpoint", token_url, {
        method: "POST",
        headers: { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` },
        body: new URLSearchParams({
            grant_type: "authorization_code",
            code,
            redirect_uri: callbackUrl,
            ...(pkce_enabled ? { code_verifier: codeVerifier } : {}),
        }),
    });
    const parsed = tokenAnswer.safeParse(answer);
    if (!parsed.success) {
        throw new LoginRefusedError('the token endpoint gave no ID token; the scope must have "openid" in it');
    }
    return parsed.data.id_token;
}

async function verifiedClaims(
    { client_id, certs_url }: OidcSettings,
    { nonce }: PendingLogin,
    idToken: string,
    now: Date,
): Promise<JWTPayload> {
    const keys = await fetchJson("the key set", certs_url);
    const claims = await verifyForeignToken(
        { what: "the ID token", token: idToken, keys, keysFrom: "certs_url" },
        {
            algorithms,
            audience: client_id,
            currentDate: now,
            clockTolerance: clockToleranceSeconds,
            requiredClaims: ["iss", "sub", "aud", "exp", "iat"],
        },
    );
    const audiences = [claims.aud].flat();
    if ((audiences.length > 1 || claims.azp !== undefined) && claims.azp !== client_id) {
        throw new LoginRefusedError("the ID token was made out to another client (azp)");
    }
    if (claims.nonce !== nonce) {
        throw new LoginRefusedError("the ID token belongs to another login (nonce)");
    }
    return claims;
}

/** `application/x-www-form-urlencoded`, as RFC 6749 wants id and secret before they are joined. */
const formEncoded = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);
