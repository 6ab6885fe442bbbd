import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { type Answer, type ApiRequest, type Endpoint, endpoints, zoneLevel } from "../../http/endpoint.ts";
import { parse } from "../../http/validation.ts";
import { newHexId } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import {
    checkNeighbours,
    checkRecord,
    invalidRecord,
    isProxiable,
    type RecordBody,
    recordBody,
} from "./recordRules.ts";
import { textFilter } from "./textFilter.ts";
import { type Zone, zoneOf } from "./zones.ts";

/** A DNS record, in the form in which clients see it. */
export interface DnsRecord {
    readonly id: string;
    readonly zone_id: string;
    readonly zone_name: string;
    readonly name: string;
    readonly type: string;
    readonly content: string;
    readonly proxiable: boolean;
    readonly proxied: boolean;
    readonly ttl: number;
    readonly comment: string | null;
    readonly tags: readonly string[];
    readonly created_on: string;
    readonly modified_on: string;
    readonly [other: string]: unknown;
}

export const dnsRecords = defineTable<DnsRecord>("dnsRecords");

/** DNS records of a zone. */
export const dnsRecordEndpoints: readonly Endpoint[] = [
    ...endpoints(zoneLevel, "POST", "/dns_records", (request) => {
        const body = request.body(recordBody, invalidRecord);
        return { result: putRecord(request, body) };
    }),
    ...endpoints(zoneLevel, "GET", "/dns_records", listRecords),
    ...endpoints(zoneLevel, "GET", "/dns_records/:dns_record_id", (request) => ({ result: recordOf(request) })),
    ...endpoints(zoneLevel, "PUT", "/dns_records/:dns_record_id", (request) => {
        const current = recordOf(request);
        return { result: putRecord(request, request.body(recordBody, invalidRecord), current) };
    }),
    ...endpoints(zoneLevel, "PATCH", "/dns_records/:dns_record_id", (request) => {
        const current = recordOf(request);
        const changes = request.body(z.looseObject({}), invalidRecord);
        const whole = { ...writableParts(current), ...changes };
        return { result: putRecord(request, parse(recordBody, whole, invalidRecord), current) };
    }),
    ...endpoints(zoneLevel, "DELETE", "/dns_records/:dns_record_id", (request) => {
        const { id } = recordOf(request);
        request.table(dnsRecords).delete(id);
        return { result: { id } };
    }),
];

/**
 * Checks a record against the rules and its neighbours, and stores it.
 *
 * @param current the record that it replaces; left out for a new one.
 */
export function putRecord(request: ApiRequest, body: RecordBody, current?: DnsRecord): DnsRecord {
    const zone = zoneOf(request);
    const content = body.content ?? contentOf(body);
    checkRecord({ ...body, content });
    const now = request.now();
    const { data, priority, private_routing } = body;
    const record: DnsRecord = {
        id: current?.id ?? newHexId(),
        zone_id: zone.id,
        zone_name: zone.name,
        name: fullName(body.name, zone),
        type: body.type,
        content,
        ...(priority === undefined ? {} : { priority }),
        ...(data === undefined ? {} : { data }),
        ...(private_routing === undefined ? {} : { private_routing }),
        proxiable: isProxiable(body.type),
        proxied: body.proxied,
        ttl: body.proxied ? 1 : body.ttl,
        settings: body.settings,
        meta: {},
        comment: body.comment ?? null,
        tags: body.tags,
        created_on: current?.created_on ?? now,
        modified_on: now,
        ...(body.comment ? { comment_modified_on: now } : {}),
        ...(body.tags.length > 0 ? { tags_modified_on: now } : {}),
    };
    const table = request.table(dnsRecords);
    checkNeighbours(
        record,
        table.filter(({ id, name }) => id !== record.id && name === record.name),
    );
    return table.put(record);
}

/** The name as the zone stores it: in lower case, without a final dot, with the zone's name at its end. */
export function fullName(name: string, zone: Zone): string {
    const plain = name.toLowerCase().replace(/\.$/, "");
    if (plain === "@") {
        return zone.name;
    }
    return plain === zone.name || plain.endsWith(`.${zone.name}`) ? plain : `${plain}.${zone.name}`;
}

/** What of a record its body could have said: what a PATCH leaves as it is. */
function writableParts(record: DnsRecord): Record<string, unknown> {
    const names = Object.keys(recordBody.shape);
    return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}

function recordOf(request: ApiRequest): DnsRecord {
    const record = request.table(dnsRecords).get(request.param("dns_record_id"));
    if (record === undefined) {
        throw new ApiError(404, { code: 81044, message: "Record does not exist." });
    }
    return record;
}

function listRecords(request: ApiRequest): Answer {
    const { query } = request;
    const byName = textFilter(query, "name");
    const byContent = textFilter(query, "content");
    const byComment = textFilter(query, "comment");
    const search = query.get("search")?.toLowerCase();
    const tests: ((record: DnsRecord) => boolean)[] = [
        (record) => byName(record.name),
        (record) => byContent(record.content),
        (record) => byComment(record.comment ?? ""),
        (record) => (query.get("type") ?? record.type) === record.type,
        (record) => (query.get("proxied") ?? String(record.proxied)) === String(record.proxied),
        (record) =>
            search === undefined ||
            [record.name, record.content, record.comment ?? ""].some((text) => text.toLowerCase().includes(search)),
    ];
    const found = request.table(dnsRecords).filter((record) => tests.every((test) => test(record)));
    return request.page(found, { default: 100, max: 5_000_000 });
}

const partsOfValue: Readonly<Record<string, readonly string[]>> = {
    SRV: ["priority", "weight", "port", "target"],
    URI: ["weight", "target"],
    CAA: ["flags", "tag", "value"],
    SSHFP: ["algorithm", "type", "fingerprint"],
    TLSA: ["usage", "selector", "matching_type", "certificate"],
    DS: ["key_tag", "algorithm", "digest_type", "digest"],
    HTTPS: ["priority", "target", "value"],
    SVCB: ["priority", "target", "value"],
};

/** The record's value in one line, for types that are given in parts (`data`). */
function contentOf({ type, data }: RecordBody): string {
    const parts = partsOfValue[type] ?? Object.keys(data ?? {});
    return parts
        .map((part) => String(data?.[part] ?? ""))
        .join(" ")
        .trim();
}
