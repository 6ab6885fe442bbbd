import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyOptions, jwtVerify } from "jose";
import { z } from "zod";
import { LoginRefusedError } from "./vouched.ts";

const keySet = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** A token of somebody else's, and the answer of their key set. */
export interface ForeignToken {
    /** Names the token, for the message. */
    readonly what: string;
    readonly token: string;
    readonly keys: unknown;
    /** The setting that says where the key set is. */
    readonly keysFrom: string;
}

/** The claims of a token that a key of the set has signed. @throws LoginRefusedError */
export async function verifyForeignToken(
    { what, token, keys, keysFrom }: ForeignToken,
    options: JWTVerifyOptions,
): Promise<JWTPayload> {
    const parsed = keySet.safeParse(keys);
    if (!parsed.success) {
        throw new LoginRefusedError(`the key set at ${keysFrom} is none (RFC 7517)`);
    }
    try {
        const { payload } = await jwtVerify(token, createLocalJWKSet(parsed.data as JSONWebKeySet), options);
        return payload;
    } catch (cause) {
        if (cause instanceof errors.JOSEError || cause instanceof TypeError) {
            throw new LoginRefusedError(`${what} does not hold: ${cause.message}`, { cause });
        }
        throw cause;
    }
}
