import { randomBytes } from "node:crypto";
import { z } from "zod";
import { ApiError } from "../../http/apiError.ts";
import { type Answer, type ApiRequest, accountLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { newUuid } from "../../identifiers.ts";
import { deleteRoutesOf } from "../networks/routes.ts";
import { type Tunnel, tunnelConfigurations, tunnelNotFound, tunnels } from "./tunnel.ts";
import { tunnelFilter } from "./tunnelFilter.ts";
import { viewOf } from "./tunnelView.ts";

const minimumSecretBytes = 32;

const tunnelSecret = z
    .base64({ error: "is not standard base64", abort: true })
    .refine(
        (secret) => Buffer.from(secret, "base64").length >= minimumSecretBytes,
        `is shorter than ${minimumSecretBytes} bytes; give the base64 of at least ${minimumSecretBytes} random bytes`,
    );
const name = z.string().min(1, "is empty; give the tunnel a name");

const creation = z.strictObject({
    name,
    config_src: z.enum(["local", "cloudflare"]).default("local"),
    tunnel_secret: tunnelSecret.optional(),
    // Sent by some clients; the API keeps it and gives it back.
    metadata: z.record(z.string(), z.unknown()).optional(),
});
const change = z.strictObject({ name: name.optional(), tunnel_secret: tunnelSecret.optional() });

/**
 * Tunnels (`cfd_tunnel`). A deleted tunnel stays in lists, as the `is_deleted` filter documents, and can still be read;
 * whether Cloudflare lets a deleted one be read by id is not verified.
 */
export const tunnelEndpoints: readonly Endpoint[] = [
    ...endpoints(accountLevel, "POST", "/cfd_tunnel", (request) => {
        const body = request.body(creation);
        refuseTakenName(request, body.name);
        const tunnel = request.table(tunnels).put({
            id: newUuid(),
            account_tag: request.scope.accountId,
            created_at: request.now(),
            deleted_at: null,
            conns_active_at: null,
            conns_inactive_at: null,
            name: body.name,
            config_src: body.config_src,
            tunnel_secret: body.tunnel_secret ?? randomBytes(minimumSecretBytes).toString("base64"),
            metadata: body.metadata ?? {},
        });
        // `cloudflared tunnel create` expects the token in this answer (and in no other).
        return { result: { ...viewOf(tunnel, request.services), token: tokenOf(tunnel) } };
    }),
    ...endpoints(accountLevel, "GET", "/cfd_tunnel", (request) => {
        const found = request.table(tunnels).filter(tunnelFilter(request));
        return request.page(found, { default: 20, max: 1000 }, (tunnel) => viewOf(tunnel, request.services));
    }),
    ...endpoints(accountLevel, "GET", "/cfd_tunnel/:tunnel_id", (request) => {
        const tunnel = request.table(tunnels).get(request.param("tunnel_id"));
        if (tunnel === undefined) {
            throw tunnelNotFound();
        }
        return shown(tunnel, request);
    }),
    ...endpoints(accountLevel, "PATCH", "/cfd_tunnel/:tunnel_id", (request) => {
        const tunnel = liveTunnel(request);
        const changed = request.body(change);
        if (changed.name !== undefined && changed.name !== tunnel.name) {
            refuseTakenName(request, changed.name);
        }
        const updated = request.table(tunnels).put({
            ...tunnel,
            name: changed.name ?? tunnel.name,
            tunnel_secret: changed.tunnel_secret ?? tunnel.tunnel_secret,
        });
        if (updated.tunnel_secret !== tunnel.tunnel_secret) {
            request.services.tunnels.secretChanged(tunnel.id);
        }
        return shown(updated, request);
    }),
    ...endpoints(accountLevel, "DELETE", "/cfd_tunnel/:tunnel_id", (request) => {
        const tunnel = liveTunnel(request);
        const cascade = request.query.get("cascade") === "true";
        if (!cascade && request.services.tunnels.clients(tunnel.id).length > 0) {
            throw new ApiError(400, {
                code: 1022,
                message: "Cannot delete tunnel because it has active connections",
            });
        }
        deleteRoutesOf(request, tunnel.id);
        request.table(tunnelConfigurations).delete(tunnel.id);
        const deleted = request.table(tunnels).put({ ...tunnel, deleted_at: request.now() });
        request.services.tunnels.tunnelDeleted(tunnel.id);
        return shown(deleted, request);
    }),
    ...endpoints(accountLevel, "GET", "/cfd_tunnel/:tunnel_id/token", (request) => ({
        result: tokenOf(liveTunnel(request)),
    })),
];

/** The tunnel that the path names. @throws ApiError 404 when there is none, or it was deleted. */
export function liveTunnel(request: ApiRequest): Tunnel {
    const tunnel = request.table(tunnels).get(request.param("tunnel_id"));
    if (tunnel === undefined || tunnel.deleted_at !== null) {
        throw tunnelNotFound();
    }
    return tunnel;
}

function shown(tunnel: Tunnel, request: ApiRequest): Answer {
    return { result: viewOf(tunnel, request.services) };
}

/** What `cloudflared tunnel run --token` takes: account, secret and tunnel (cloudflared `connection.TunnelToken`). */
function tokenOf(tunnel: Tunnel): string {
    const token = { a: tunnel.account_tag, s: tunnel.tunnel_secret, t: tunnel.id };
    return Buffer.from(JSON.stringify(token)).toString("base64");
}

function refuseTakenName(request: ApiRequest, wanted: string): void {
    if (request.table(tunnels).find((tunnel) => tunnel.deleted_at === null && tunnel.name === wanted)) {
        throw new ApiError(409, {
            code: 1013,
            message:
                "You already have a tunnel with this name. Delete the existing tunnel, or choose a different name for your new tunnel",
        });
    }
}
