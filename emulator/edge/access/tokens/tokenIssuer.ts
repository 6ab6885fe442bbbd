import { createLocalJWKSet, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { KeyRing } from "./keyRing.ts";

/** What a token is for. Only `app` and `org` are documented; `evaluation` goes to services of external rules, the others between our own pages. */
export type TokenType = "app" | "org" | "match" | "meta" | "authorized" | "form" | "entry" | "evaluation";

export interface TokenIssuerOptions {
    readonly keys: KeyRing;
    /** `https://<team>.cloudflareaccess.com`, without a slash: connectors compare it as it stands. */
    readonly issuer: string;
    readonly clock: () => Date;
}

const maximumTokenLength = 8192;
const maximumRemembered = 2000;

/** Signs and checks Access's tokens (RS256). */
export class TokenIssuer {
    readonly issuer: string;
    readonly #keys: KeyRing;
    readonly #clock: () => Date;
    /** Tokens whose signature was good: a browser sends the same one with every request. */
    readonly #verified = new Map<string, { readonly claims: JWTPayload; readonly kid: string | undefined }>();

    constructor({ keys, issuer, clock }: TokenIssuerOptions) {
        this.#keys = keys;
        this.issuer = issuer;
        this.#clock = clock;
    }

    /** @param expires in milliseconds since 1970. */
    async sign(type: TokenType, claims: JWTPayload, expires: number): Promise<string> {
        const { kid, privateKey } = await this.#keys.signingKey();
        const now = seconds(this.#clock().getTime());
        return await new SignJWT({ ...claims, type, iss: this.issuer, iat: now, nbf: now, exp: seconds(expires) })
            .setProtectedHeader({ alg: "RS256", kid, typ: "JWT" })
            .sign(privateKey);
    }

    /** The claims of a token of ours that is valid now and of the given type; undefined for anything else. */
    async verify(type: TokenType, token: string, audience?: string): Promise<JWTPayload | undefined> {
        if (token.length > maximumTokenLength) {
            return undefined;
        }
        const claims = this.#remembered(token) ?? (await this.#checked(token));
        const isForAudience = audience === undefined || [claims?.aud].flat().includes(audience);
        return claims?.type === type && isForAudience ? claims : undefined;
    }

    /** A remembered token that is still in time and whose key is still served. */
    #remembered(token: string): JWTPayload | undefined {
        const remembered = this.#verified.get(token);
        if (remembered === undefined) {
            return undefined;
        }
        const { claims, kid } = remembered;
        const isGood =
            (claims.exp ?? 0) > seconds(this.#clock().getTime()) &&
            this.#keys.published().some((key) => key.kid === kid);
        if (!isGood) {
            this.#verified.delete(token);
            return undefined;
        }
        return claims;
    }

    async #checked(token: string): Promise<JWTPayload | undefined> {
        try {
            const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(this.#keys.keySet()), {
                algorithms: ["RS256"],
                issuer: this.issuer,
                currentDate: this.#clock(),
                requiredClaims: ["exp", "iat", "type"],
            });
            if (this.#verified.size >= maximumRemembered) {
                this.#verified.clear();
            }
            this.#verified.set(token, { claims: payload, kid: protectedHeader.kid });
            return payload;
        } catch {
            // Whatever is wrong with it, it is not a token of ours.
            return undefined;
        }
    }
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
