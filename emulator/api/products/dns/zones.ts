import { z } from "zod";
import { isReservedZone } from "../../../ownNames.ts";
import { ApiError, notRoutable } from "../../http/apiError.ts";
import { type ApiRequest, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { newHexId } from "../../identifiers.ts";
import { defineTable } from "../../store/store.ts";
import { type Account, accounts, rootScope } from "../accounts.ts";
import { textFilter } from "./textFilter.ts";

/** A DNS zone. Its records live in a scope of its own, under its id. */
export interface Zone {
    readonly id: string;
    readonly name: string;
    readonly status: "active";
    readonly type: string;
    readonly paused: boolean;
    readonly account: { readonly id: string; readonly name: string };
    readonly created_on: string;
    readonly modified_on: string;
    readonly activated_on: string;
    readonly [other: string]: unknown;
}

export const zones = defineTable<Zone>("zones");

const domainName = z
    .string()
    .regex(
        /^(?=.{1,253}$)([a-z0-9_]([a-z0-9-_]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i,
        "is not a domain name, such as example.com",
    );

const creation = z.strictObject({
    name: domainName,
    account: z.strictObject({ id: z.string() }),
    type: z.enum(["full", "partial", "secondary", "internal"]).default("full"),
    jump_start: z.boolean().optional(),
});
const change = z.strictObject({
    paused: z.boolean().optional(),
    type: z.enum(["full", "partial", "secondary", "internal"]).optional(),
    vanity_name_servers: z.array(z.string()).optional(),
});

/** Zones. A new one is active at once: there is no registrar here whose name servers would have to change first. */
export const zoneEndpoints: readonly Endpoint[] = [
    ...endpoints([""], "POST", "/zones", (request) => {
        const body = request.body(creation);
        const account = request.services.store.table(rootScope, accounts).get(body.account.id);
        if (account === undefined) {
            throw new ApiError(403, { code: 9109, message: "Unauthorized to access requested resource" });
        }
        if (isReservedZone(body.name)) {
            // That Cloudflare bans its own domains is known; the code's text is not verified.
            throw new ApiError(400, { code: 1097, message: `${body.name} is banned and cannot be added` });
        }
        const table = request.services.store.table(rootScope, zones);
        if (table.find(({ name }) => name === body.name.toLowerCase())) {
            throw new ApiError(400, { code: 1061, message: `${body.name} already exists` });
        }
        return { result: table.put(newZone({ name: body.name, account, now: request.now(), type: body.type })) };
    }),
    ...endpoints([""], "GET", "/zones", (request) => {
        const { query, services } = request;
        const byName = textFilter(query, "name");
        const byAccountName = textFilter(query, "account.name");
        const found = services.store
            .table(rootScope, zones)
            .filter(
                (zone) =>
                    byName(zone.name) &&
                    byAccountName(zone.account.name) &&
                    (query.get("account.id") ?? zone.account.id) === zone.account.id &&
                    (query.get("status") ?? zone.status) === zone.status,
            );
        return request.page(found, { default: 20, max: 50 });
    }),
    ...endpoints([""], "GET", "/zones/:zone_id", (request) => ({ result: zoneOf(request) })),
    ...endpoints([""], "PATCH", "/zones/:zone_id", (request) => {
        const zone = zoneOf(request);
        const changed = { ...zone, ...request.body(change), modified_on: request.now() };
        return { result: request.services.store.table(rootScope, zones).put(changed) };
    }),
    ...endpoints([""], "DELETE", "/zones/:zone_id", (request) => {
        const { id } = zoneOf(request);
        request.services.store.table(rootScope, zones).delete(id);
        request.services.store.dropScope(id);
        return { result: { id } };
    }),
];

/** The zone that the path names. @throws ApiError 7003 when there is none. */
export function zoneOf(request: ApiRequest): Zone {
    const zone = request.services.store.table(rootScope, zones).get(request.param("zone_id"));
    if (zone === undefined) {
        throw notRoutable(request.path);
    }
    return zone;
}

export function newZone(of: { id?: string; name: string; account: Account; now: string; type?: string }): Zone {
    return {
        id: of.id ?? newHexId(),
        name: of.name.toLowerCase(),
        status: "active",
        paused: false,
        type: of.type ?? "full",
        development_mode: 0,
        name_servers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
        original_name_servers: null,
        original_registrar: null,
        original_dnshost: null,
        modified_on: of.now,
        created_on: of.now,
        activated_on: of.now,
        meta: { step: 2, custom_certificate_quota: 0, page_rule_quota: 3, phishing_detected: false },
        owner: { id: null, type: "user", email: null },
        account: { id: of.account.id, name: of.account.name },
        tenant: { id: null, name: null },
        tenant_unit: { id: null },
        permissions: ["#zone:read", "#zone:edit", "#dns_records:read", "#dns_records:edit"],
        plan: { id: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", name: "Free Website", price: 0, currency: "USD" },
    };
}
