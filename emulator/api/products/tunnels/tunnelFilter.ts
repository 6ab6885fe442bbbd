import { z } from "zod";
import type { ApiRequest } from "../../http/endpoint.ts";
import { parse } from "../../http/validation.ts";
import type { Tunnel } from "./tunnel.ts";
import { statusOf } from "./tunnelView.ts";

const booleanText = z.enum(["true", "false"]).transform((text) => text === "true");
const timeText = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

const filters = z.object({
    name: z.string().optional(),
    uuid: z.string().optional(),
    /** True: deleted tunnels alone; false: the others; left out: all. */
    is_deleted: booleanText.optional(),
    include_prefix: z.string().optional(),
    exclude_prefix: z.string().optional(),
    existed_at: timeText.optional(),
    was_active_at: timeText.optional(),
    was_inactive_at: timeText.optional(),
    status: z.enum(["inactive", "degraded", "healthy", "down"]).optional(),
});

/** The filters of the tunnel list, all of which must hold. @throws ApiError when one has a value that it cannot have. */
export function tunnelFilter(request: ApiRequest): (tunnel: Tunnel) => boolean {
    const wanted = parse(filters, Object.fromEntries(request.query));
    const tests: ((tunnel: Tunnel) => boolean)[] = [];
    const when = <Value>(value: Value | undefined, test: (tunnel: Tunnel, value: Value) => boolean): void => {
        if (value !== undefined) {
            tests.push((tunnel) => test(tunnel, value));
        }
    };
    when(wanted.name, (tunnel, name) => tunnel.name === name);
    when(wanted.uuid, (tunnel, uuid) => tunnel.id === uuid);
    when(wanted.is_deleted, (tunnel, deleted) => (tunnel.deleted_at !== null) === deleted);
    when(wanted.include_prefix, (tunnel, prefix) => tunnel.name.startsWith(prefix));
    when(wanted.exclude_prefix, (tunnel, prefix) => !tunnel.name.startsWith(prefix));
    when(wanted.existed_at, (tunnel, at) => tunnel.created_at <= at && (tunnel.deleted_at ?? at) >= at);
    when(wanted.was_active_at, (tunnel, at) => tunnel.conns_active_at !== null && tunnel.conns_active_at <= at);
    when(wanted.was_inactive_at, (tunnel, at) => tunnel.conns_inactive_at !== null && tunnel.conns_inactive_at <= at);
    when(wanted.status, (tunnel, status) => statusOf(tunnel, request.services.tunnels.clients(tunnel.id)) === status);
    return (tunnel) => tests.every((test) => test(tunnel));
}
