import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { durationMilliseconds } from "../../../goDuration.ts";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, accountOrZoneLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { goDuration, mistakeAt } from "../../http/validation.ts";
import { newHexId, newUuid } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { accessNotFound, accessQuota, invalidAccessRequest } from "./accessErrors.ts";

/** A service token. Only hashes of its secrets are kept: the API shows a secret once, when it is made. */
export interface ServiceToken {
    readonly id: string;
    readonly name: string;
    readonly client_id: string;
    readonly client_secret_version: number;
    /** SHA-256 of the secret, in hex. */
    readonly secretHash: string;
    /** The secret before the last rotation, which stays good for a while when the client asked for that. */
    readonly previousSecretHash?: string | undefined;
    readonly previous_client_secret_expires_at?: string | undefined;
    readonly duration: string;
    readonly enabled?: boolean | undefined;
    /** Null for a token that never expires. */
    readonly expires_at: string | null;
    readonly last_seen_at: string | null;
    readonly created_at: string;
    readonly updated_at: string;
}

export const serviceTokens = defineTable<ServiceToken>("accessServiceTokens");

const body = z.strictObject({
    name: z.string().min(1, "is empty; give the token a name").max(350),
    duration: z.union([z.literal("forever"), goDuration]).default("8760h"),
    client_secret_version: z.int().min(1).optional(),
    previous_client_secret_expires_at: z.iso.datetime({ offset: true }).optional(),
    enabled: z.boolean().optional(),
});
const rotation = z.strictObject({ previous_client_secret_expires_at: z.iso.datetime({ offset: true }).optional() });

/** Service tokens. The secret is in the answer to create, to rotate, and to an update with a higher version only. */
export const serviceTokenEndpoints: readonly Endpoint[] = [
    ...collection<ServiceToken>({
        table: serviceTokens,
        at: accountOrZoneLevel,
        path: "/access/service_tokens",
        idParam: ":service_token_id",
        pageSizes: { default: 25, max: 1000 },
        notFound: accessNotFound,
        quota: { limit: 50, exceeded: accessQuota("service tokens") },
        present: shown,
        create: (request) => {
            const given = request.body(body, invalidAccessRequest);
            const secret = newSecret();
            const now = request.now();
            const row: ServiceToken = {
                ...given,
                client_secret_version: given.client_secret_version ?? 1,
                id: newUuid(),
                client_id: `${newHexId()}.access`,
                secretHash: hashOf(secret),
                expires_at: expiry(request, given.duration),
                last_seen_at: null,
                created_at: now,
                updated_at: now,
            };
            return { row, answer: { ...shown(row), client_secret: secret } };
        },
        update: (request, current) => {
            const given = request.body(body, invalidAccessRequest);
            const version = given.client_secret_version ?? current.client_secret_version;
            if (version < current.client_secret_version) {
                const message = `is ${version}, and the secret is at version ${current.client_secret_version} already; a version only grows`;
                throw invalidAccessRequest([mistakeAt(["client_secret_version"], message)]);
            }
            const row: ServiceToken = {
                ...current,
                ...given,
                client_secret_version: version,
                expires_at: given.duration === current.duration ? current.expires_at : expiry(request, given.duration),
                updated_at: request.now(),
            };
            return version > current.client_secret_version ? rotated(row) : row;
        },
        deleted: shown,
        list: (request, rows) => {
            const name = request.query.get("name");
            return rows.filter((token) => (name ?? token.name) === token.name);
        },
    }),
    ...endpoints(accountLevel, "POST", "/access/service_tokens/:service_token_id/rotate", (request) => {
        const given = request.body(rotation.default({}), invalidAccessRequest);
        const current = tokenOf(request);
        const { row, answer } = rotated({
            ...current,
            previous_client_secret_expires_at: given.previous_client_secret_expires_at,
            client_secret_version: current.client_secret_version + 1,
            updated_at: request.now(),
        });
        request.table(serviceTokens).put(row);
        return { result: answer };
    }),
    ...endpoints(accountLevel, "POST", "/access/service_tokens/:service_token_id/refresh", (request) => {
        const current = tokenOf(request);
        const refreshed = { ...current, expires_at: expiry(request, current.duration), updated_at: request.now() };
        return { result: shown(request.table(serviceTokens).put(refreshed)) };
    }),
];

function tokenOf(request: ApiRequest): ServiceToken {
    const token = request.table(serviceTokens).get(request.param("service_token_id"));
    if (token === undefined) {
        throw accessNotFound();
    }
    return token;
}

/** The token with a new secret, and the one answer in which that secret appears. */
function rotated(token: ServiceToken): { row: ServiceToken; answer: unknown } {
    const secret = newSecret();
    const previousSecretHash = token.previous_client_secret_expires_at === undefined ? undefined : token.secretHash;
    const row = { ...token, secretHash: hashOf(secret), previousSecretHash };
    return { row, answer: { ...shown(row), client_secret: secret } };
}

function shown({ secretHash: _, previousSecretHash: __, ...rest }: ServiceToken): Record<string, unknown> {
    return rest;
}

const newSecret = (): string => randomBytes(32).toString("hex");

const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("hex");

function expiry(request: ApiRequest, duration: string): string | null {
    return duration === "forever"
        ? null
        : new Date(request.services.clock().getTime() + durationMilliseconds(duration)).toISOString();
}
