import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { ApiError, type ErrorDetail } from "../../http/apiError.ts";
import { type InvalidRequest, withPointer, worded } from "../../http/validation.ts";

const documentation =
    "https://developers.cloudflare.com/dns/manage-dns-records/troubleshooting/records-with-same-name/";

/** Types whose traffic Cloudflare's proxy can carry. */
const proxiable = new Set(["A", "AAAA", "CNAME"]);

export const isProxiable = (type: string): boolean => proxiable.has(type);

const recordTypes = [
    ...["A", "AAAA", "CAA", "CERT", "CNAME", "DNSKEY", "DS", "HTTPS", "LOC", "MX", "NAPTR", "NS", "OPENPGPKEY"],
    ...["PTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "TXT", "URI"],
] as const;

/** A record's body in POST and PUT. */
export const recordBody = z.strictObject({
    name: z.string().min(1, "is empty; write the full name, for example www.example.com").max(255),
    type: z.enum(recordTypes),
    ttl: z.int().default(1),
    content: z.string().optional(),
    data: z.record(z.string(), z.unknown()).optional(),
    proxied: z.boolean().default(false),
    priority: z.int().min(0).max(65535).optional(),
    comment: z.string().max(500).nullish(),
    tags: z.array(z.string()).default([]),
    settings: z
        .strictObject({
            ipv4_only: z.boolean().optional(),
            ipv6_only: z.boolean().optional(),
            flatten_cname: z.boolean().optional(),
        })
        .default({}),
    private_routing: z.boolean().optional(),
});

export type RecordBody = z.infer<typeof recordBody>;

/** A mistake in a record is a 1004 with the mistakes themselves as its chain. */
export const invalidRecord: InvalidRequest = (mistakes) =>
    dnsValidationError(mistakes.map((mistake) => withPointer({ code: 9207, message: worded(mistake) }, mistake)));

function dnsValidationError(chain: readonly ErrorDetail[]): ApiError {
    return new ApiError(400, { code: 1004, message: "DNS Validation Error", error_chain: chain });
}

/** What is wrong with a record taken by itself, all at once. @throws ApiError 1004 when anything is. */
export function checkRecord(record: RecordBody & { content: string }): void {
    const chain: ErrorDetail[] = [];
    const { type, content, ttl, proxied } = record;
    if (type === "A" && !isIPv4(content)) {
        chain.push({ code: 9005, message: "Content for A record must be a valid IPv4 address." });
    }
    if (type === "AAAA" && !isIPv6(content)) {
        chain.push({ code: 9006, message: "Content for AAAA record must be a valid IPv6 address." });
    }
    if (type === "CNAME" && !/^[^\s/:]+$/.test(content)) {
        chain.push({ code: 9007, message: "Content for CNAME record is invalid." });
    }
    if (content === "") {
        chain.push({ code: 9000, message: `Content for ${type} record is empty.` });
    }
    if (proxied && !isProxiable(type)) {
        chain.push({ code: 9041, message: "This DNS record cannot be proxied." });
    }
    if (ttl !== 1 && (ttl < 60 || ttl > 86_400)) {
        chain.push({ code: 9021, message: "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic." });
    }
    if (chain.length > 0) {
        throw dnsValidationError(chain);
    }
}

/** What of a record matters for its neighbours. */
export interface Neighbour {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly content: string;
}

/**
 * Which records may stand on one name: never two alike, a CNAME beside no address and no other CNAME, an NS record
 * beside nothing else (the code of that last refusal is not verified).
 *
 * @param neighbours the other records with the same name.
 */
export function checkNeighbours(record: Neighbour, neighbours: readonly Neighbour[]): void {
    const types = new Set(neighbours.map(({ type }) => type));
    if (neighbours.some(({ type, content }) => type === record.type && content === record.content)) {
        throw clash(81058, "An identical record already exists.");
    }
    if (record.type === "CNAME" && (types.has("A") || types.has("AAAA") || types.has("CNAME"))) {
        throw clash(
            81053,
            `An A, AAAA, or CNAME record with that host already exists. For more details, refer to <${documentation}>.`,
        );
    }
    if ((record.type === "A" || record.type === "AAAA") && types.has("CNAME")) {
        throw clash(
            81054,
            `A CNAME record with that host already exists. For more details, refer to <${documentation}>.`,
        );
    }
    const others = neighbours.filter(({ type }) => type !== record.type);
    if (others.length > 0 && (record.type === "NS" || types.has("NS"))) {
        throw clash(
            81056,
            `NS records cannot stand beside records of another type. For more details, refer to <${documentation}>.`,
        );
    }
}

const clash = (code: number, message: string): ApiError => new ApiError(400, { code, message });
