import { z } from "zod";
import { type ApiRequest, accountLevel, type Endpoint, endpoints } from "../http/endpoint.ts";
import type { LoggedRequest } from "../http/requestLog.ts";
import { parse } from "../http/validation.ts";
import { hexIdPattern, uuidPattern } from "../identifiers.ts";
import { rootScope } from "./accounts.ts";
import { zones } from "./dns/zones.ts";

/** Entries of a page where the client does not say (developers.cloudflare.com/api, accounts › logs › audit). */
const DEFAULT_LIMIT = 100;

const timestamp = z.union([z.iso.date(), z.iso.datetime({ offset: true })], {
    error: "is no date; write one such as 2026-11-22, or a timestamp of RFC 3339",
});

const listing = z.object({
    since: timestamp,
    before: timestamp,
    direction: z.enum(["asc", "desc"]).default("desc"),
    limit: z.coerce.number().int().min(1).default(DEFAULT_LIMIT),
    cursor: z
        .string()
        .regex(/^[0-9]+$/)
        .optional(),
});

const ACTIONS: Readonly<Record<string, string>> = { POST: "create", PUT: "update", PATCH: "update", DELETE: "delete" };

/**
 * The account's audit log, version 2: every change that the API was asked for, as far back as the emulator remembers requests. There is one token, so
 * what tells clients apart is `raw.user_agent`. Filters are not served: clients that send one get all entries, as they would of an unknown one.
 */
export const auditLogEndpoints: readonly Endpoint[] = endpoints(accountLevel, "GET", "/logs/audit", (request) => {
    const { since, before, direction, limit, cursor } = parse(listing, Object.fromEntries(request.query));
    const [from, to] = [Date.parse(since), Date.parse(before)];
    const entries = request.services
        .requests()
        .filter(({ method, path, time }) => {
            const at = time.getTime();
            return method in ACTIONS && at >= from && at < to && belongs(path, request);
        })
        .toSorted((a, b) => (direction === "asc" ? a.number - b.number : b.number - a.number));
    const start = Number(cursor ?? 0);
    const cut = entries.slice(start, start + limit);
    const next = start + cut.length;
    return {
        result: cut.map((entry) => auditLog(entry, request.scope.accountId)),
        info: { count: cut.length, ...(next < entries.length ? { cursors: { after: String(next) } } : {}) },
    };
});

/** Whether a request was about the account, or about a zone of its. */
function belongs(path: string, { scope, services }: ApiRequest): boolean {
    const [, kind, id = ""] = path.split(/[/?]/);
    if (kind === "accounts") return id === scope.accountId;
    return kind === "zones" && services.store.table(rootScope, zones).get(id)?.account.id === scope.accountId;
}

function auditLog({ number, time, method, path, status, userAgent }: LoggedRequest, accountId: string) {
    const [uri = ""] = path.split("?");
    const segments = uri.split("/").slice(1);
    const id = segments.slice(2).findLast((segment) => hexIdPattern.test(segment) || uuidPattern.test(segment));
    return {
        id: number.toString(16).padStart(32, "0"),
        account: { id: accountId },
        action: {
            result: status >= 200 && status < 300 ? "success" : "failure",
            time: time.toISOString(),
            type: ACTIONS[method],
        },
        actor: { context: "api_token", token_name: "emulator", type: "account" },
        raw: { method, status_code: status, uri, ...(userAgent === undefined ? {} : { user_agent: userAgent }) },
        resource: { product: segments[2], scope: segments[0], ...(id === undefined ? {} : { id }) },
        ...(segments[0] === "zones" ? { zone: { id: segments[1] } } : {}),
    };
}
