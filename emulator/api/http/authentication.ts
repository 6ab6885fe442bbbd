import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "./apiError.ts";

/**
 * Makes the check of a request's credentials: `Authorization: Bearer <token>` with the emulator's one token. The other
 * schemes of the API (`X-Auth-Email` with `X-Auth-Key`) are understood, and always refused: there is no such user here.
 *
 * The refusals are Cloudflare's: 9106 without credentials, 6003 for a header that is not a token's, 10000 for a wrong
 * token, 1000 when the wrong token asks about itself.
 */
export function authenticator(apiToken: string): (headers: Headers, path: string) => void {
    const expected = digest(apiToken);
    return (headers, path) => {
        const authorization = headers.get("authorization");
        if (authorization === null) {
            throw headers.has("x-auth-key") || headers.has("x-auth-email") ? unknownUser() : noCredentials();
        }
        const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization)?.[1];
        if (token === undefined) {
            throw malformedHeader();
        }
        // Equal lengths for the comparison, and no hint at the token's own length.
        if (!timingSafeEqual(digest(token), expected)) {
            throw path.endsWith("/tokens/verify") ? invalidToken() : authenticationError();
        }
    };
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const noCredentials = (): ApiError =>
    new ApiError(400, { code: 9106, message: "Missing X-Auth-Key, X-Auth-Email or Authorization headers" });

const malformedHeader = (): ApiError =>
    new ApiError(400, {
        code: 6003,
        message: "Invalid request headers",
        error_chain: [{ code: 6111, message: "Invalid format for Authorization header" }],
    });

const unknownUser = (): ApiError => new ApiError(403, { code: 9103, message: "Unknown X-Auth-Key or X-Auth-Email" });

const authenticationError = (): ApiError => new ApiError(403, { code: 10000, message: "Authentication error" });

const invalidToken = (): ApiError => new ApiError(401, { code: 1000, message: "Invalid API Token" });
