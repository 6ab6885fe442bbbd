import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { collection } from "../../http/collection.ts";
import { type ApiRequest, accountLevel, type Endpoint } from "../../http/endpoint.ts";
import { invalidRequest, mistakeAt } from "../../http/validation.ts";
import { newUuid } from "../../identifiers.ts";
import { tunnels } from "../tunnels/tunnel.ts";
import { type HostnameRoute, hostnameRoutes } from "./tables.ts";

const fields = {
    hostname: z
        .string()
        .max(255)
        .regex(
            /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i,
            "is not a host name; write one such as wiki.internal.example",
        ),
    tunnel_id: z.uuid(),
    comment: z.string().max(100),
};
const creation = z.strictObject({
    hostname: fields.hostname,
    tunnel_id: fields.tunnel_id,
    comment: fields.comment.default(""),
});
const change = z.strictObject({
    hostname: fields.hostname.optional(),
    tunnel_id: fields.tunnel_id.optional(),
    comment: fields.comment.optional(),
});

/**
 * Private host names (`zerotrust/routes/hostname`). The paths and fields are those of Cloudflare's own client; the codes of its errors are
 * not verified.
 */
export const privateHostnameEndpoints: readonly Endpoint[] = collection<HostnameRoute>({
    table: hostnameRoutes,
    at: accountLevel,
    path: "/zerotrust/routes/hostname",
    idParam: ":hostname_route_id",
    updateMethod: "PATCH",
    pageSizes: { default: 20, max: 1000 },
    notFound: () => new ApiError(404, { code: 1015, message: "Hostname route not found" }),
    create: (request) => {
        const route: HostnameRoute = {
            id: newUuid(),
            ...request.body(creation),
            created_at: request.now(),
            deleted_at: null,
        };
        check(request, route);
        return route;
    },
    update: (request, current) => {
        const route = { ...current, ...request.body(change) };
        check(request, route);
        return route;
    },
    deleted: (route) => route,
    list: (request, rows) => {
        const equals = (name: string, value: string): boolean => (request.query.get(name) ?? value) === value;
        return rows.filter(
            ({ id, hostname, tunnel_id, comment }) =>
                equals("id", id) &&
                equals("tunnel_id", tunnel_id) &&
                equals("comment", comment) &&
                hostname.includes(request.query.get("hostname") ?? "") &&
                request.query.get("is_deleted") !== "true",
        );
    },
    present: (route, request) => ({
        ...route,
        tun_type: "cfd_tunnel",
        tunnel_name: request.table(tunnels).get(route.tunnel_id)?.name,
    }),
});

function check(request: ApiRequest, route: HostnameRoute): void {
    const tunnel = request.table(tunnels).get(route.tunnel_id);
    if (tunnel === undefined || tunnel.deleted_at !== null) {
        throw invalidRequest([mistakeAt(["tunnel_id"], "is not the id of a tunnel in this account")]);
    }
    const same = request.table(hostnameRoutes).find(({ id, hostname }) => {
        return id !== route.id && hostname.toLowerCase() === route.hostname.toLowerCase();
    });
    if (same !== undefined) {
        throw new ApiError(409, { code: 1014, message: "You already have a route defined for this hostname" });
    }
}
