import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { type Endpoint, endpoints, zoneLevel } from "../../http/endpoint.ts";
import { findLiveTunnel, tunnelNotFound } from "../tunnels/tunnel.ts";
import { dnsRecords, fullName, putRecord } from "./dnsRecords.ts";
import { recordBody } from "./recordRules.ts";
import { zoneOf } from "./zones.ts";

const routeBody = z.strictObject({
    type: z.literal("dns", "is not supported by the emulator; it routes DNS names only"),
    user_hostname: z.string().min(1),
    overwrite_existing: z.boolean().default(false),
});

/** What `cloudflared tunnel route dns` calls: the proxied CNAME that leads a name to a tunnel. */
export const hostnameRouteEndpoints: readonly Endpoint[] = endpoints(
    zoneLevel,
    "PUT",
    "/tunnels/:tunnel_id/routes",
    (request) => {
        const tunnel = findLiveTunnel(request.services.store, request.param("tunnel_id"));
        if (tunnel === undefined || tunnel.account_tag !== request.scope.accountId) {
            throw tunnelNotFound();
        }
        const body = request.body(routeBody);
        const name = fullName(body.user_hostname, zoneOf(request));
        const content = `${tunnel.id}.cfargotunnel.com`;
        const table = request.table(dnsRecords);
        const existing = table.filter((record) => record.name === name && ["A", "AAAA", "CNAME"].includes(record.type));
        if (existing.some((record) => record.content === content)) {
            return { result: { cname: "unchanged", name } };
        }
        if (existing.length > 0 && !body.overwrite_existing) {
            throw new ApiError(400, {
                code: 1003,
                message: "An A, AAAA, or CNAME record with that host already exists.",
            });
        }
        for (const record of existing) {
            table.delete(record.id);
        }
        putRecord(request, recordBody.parse({ type: "CNAME", name, content, proxied: true }));
        return { result: { cname: existing.length > 0 ? "updated" : "new", name } };
    },
);
