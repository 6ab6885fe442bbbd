import { randomBytes, randomUUID } from "node:crypto";

/** Ids in the shapes that the API gives out: accounts, zones and DNS records are 32 hex digits, almost all else a UUID. */
export const newHexId = (): string => randomBytes(16).toString("hex");

export const newUuid = (): string => randomUUID();

/** An Access application's audience tag, 64 hex digits. */
export const newAudienceTag = (): string => randomBytes(32).toString("hex");

const alphanumerics = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** An API token in the classic shape: 40 letters and digits. */
export function newApiToken(): string {
    let token = "";
    while (token.length < 40) {
        // Bytes above the largest multiple of 62 are dropped, so that every character is equally likely.
        for (const byte of randomBytes(64)) {
            if (byte < 248 && token.length < 40) {
                token += alphanumerics.charAt(byte % alphanumerics.length);
            }
        }
    }
    return token;
}

export const hexIdPattern = /^[0-9a-f]{32}$/;
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
