import { hash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { AccessDirectory, ApplicationSettings, ServiceToken } from "../../../accessDirectory.ts";
import type { GateRequest } from "../../accessGate.ts";

/** What a request says of a service token. */
export type ServiceCredentials =
    | { readonly kind: "none" }
    | { readonly kind: "given"; readonly clientId: string; readonly clientSecret: string }
    /** One half is missing, one is there twice, or both ways of sending them are used. */
    | { readonly kind: "malformed"; readonly reason: string };

const idHeader = "cf-access-client-id";
const secretHeader = "cf-access-client-secret";

const singleHeader = z.object({ [idHeader]: z.string(), [secretHeader]: z.string() });

type Sent = Pick<GateRequest, "headersDistinct">;

/** Reads the two headers, or the single one that the application names (DOCS service-tokens). */
export function readServiceCredentials(request: Sent, settings: ApplicationSettings): ServiceCredentials {
    const ids = request.headersDistinct[idHeader] ?? [];
    const secrets = request.headersDistinct[secretHeader] ?? [];
    const singles = singleHeaderDocuments(request, settings).flatMap((document) => {
        const { success, data } = singleHeader.safeParse(document);
        return success ? [data] : [];
    });
    if (ids.length + secrets.length + singles.length === 0) {
        return { kind: "none" };
    }
    if (singles.length > 0 && ids.length + secrets.length > 0) {
        return { kind: "malformed", reason: "credentials in the standard headers and in the application's own" };
    }
    if (singles.length > 1 || ids.length > 1 || secrets.length > 1) {
        return { kind: "malformed", reason: "credentials that are there twice" };
    }
    const [clientId, clientSecret] = [singles[0]?.[idHeader] ?? ids[0], singles[0]?.[secretHeader] ?? secrets[0]];
    return clientId && clientSecret
        ? { kind: "given", clientId, clientSecret }
        : { kind: "malformed", reason: "only one half of the credentials" };
}

/** Whose credentials they are, or why they are nobody's. */
export function authenticateServiceToken(
    directory: Pick<AccessDirectory, "serviceToken">,
    { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
    now: Date,
): { readonly token: ServiceToken } | { readonly reason: string } {
    const token = directory.serviceToken(clientId);
    if (token === undefined) {
        return { reason: "no service token has this client id" };
    }
    const unusable = unusableReason(token, now);
    if (unusable !== undefined) {
        return { reason: unusable };
    }
    const digest = hash("sha256", clientSecret, "buffer");
    const isPreviousGood =
        token.previousSecretHash !== undefined &&
        token.previous_client_secret_expires_at !== undefined &&
        Date.parse(token.previous_client_secret_expires_at) > now.getTime();
    return isHash(digest, token.secretHash) || (isPreviousGood && isHash(digest, token.previousSecretHash ?? ""))
        ? { token }
        : { reason: `the secret is not that of service token "${token.name}"` };
}

/** Why a token lets nobody in, whatever the secret; undefined when it can. */
export function unusableReason({ name, enabled, expires_at: expires }: ServiceToken, now: Date): string | undefined {
    if (enabled === false) {
        return `service token "${name}" is disabled`;
    }
    return expires !== null && Date.parse(expires) <= now.getTime() ? `service token "${name}" has expired` : undefined;
}

function isHash(digest: Buffer, hex: string): boolean {
    const kept = Buffer.from(hex, "hex");
    return kept.length === digest.length && timingSafeEqual(digest, kept);
}

/**
 * Names of the headers that must not reach the origin because they carry a service token, or part of one, in the application's own
 * way. What stands below `cf-` never does.
 */
export function credentialHeaders(request: Sent, settings: ApplicationSettings): readonly string[] {
    const name = settings.read_service_tokens_from_header?.toLowerCase();
    const isCredential = (document: object) => idHeader in document || secretHeader in document;
    return name !== undefined && singleHeaderDocuments(request, settings).some(isCredential) ? [name] : [];
}

/** The JSON objects in the one header that the application names, keys in lower case. It may carry something else as well. */
function singleHeaderDocuments(
    { headersDistinct }: Sent,
    { read_service_tokens_from_header: name }: ApplicationSettings,
): Record<string, unknown>[] {
    const values = name === undefined ? [] : (headersDistinct[name.toLowerCase()] ?? []);
    return values.flatMap((text) => {
        try {
            const entries = Object.entries(JSON.parse(text) ?? {});
            return [Object.fromEntries(entries.map(([key, value]) => [key.toLowerCase(), value]))];
        } catch {
            // The origin's own `Authorization`, for instance.
            return [];
        }
    });
}
