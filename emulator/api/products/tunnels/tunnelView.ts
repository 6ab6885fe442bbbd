import type { TunnelClient } from "../../../tunnelDirectory.ts";
import type { Services } from "../../services.ts";
import type { Tunnel } from "./tunnel.ts";

/** Whether traffic can flow: never run, all well, some connection is being re-made, or no connection left. */
export type TunnelStatus = "inactive" | "healthy" | "degraded" | "down";

export function statusOf(tunnel: Tunnel, clients: readonly TunnelClient[]): TunnelStatus {
    const connections = clients.flatMap((client) => client.connections);
    if (connections.length === 0) {
        return tunnel.conns_inactive_at === null ? "inactive" : "down";
    }
    return connections.some((connection) => connection.isPendingReconnect) ? "degraded" : "healthy";
}

/** A tunnel as clients see it: without its secret, with its live connections. */
export function viewOf(tunnel: Tunnel, services: Services): Record<string, unknown> {
    const { tunnel_secret: _, ...shown } = tunnel;
    const clients = services.tunnels.clients(tunnel.id);
    return {
        ...shown,
        remote_config: tunnel.config_src === "cloudflare",
        status: statusOf(tunnel, clients),
        tun_type: "cfd_tunnel",
        connections: clients.flatMap(connectionsView),
    };
}

/** A connector as `GET …/connections` lists it. */
export function clientView(client: TunnelClient): Record<string, unknown> {
    return {
        id: client.id,
        features: client.features,
        version: client.version,
        arch: client.arch,
        run_at: client.runAt.toISOString(),
        config_version: client.configVersion ?? 0,
        conns: connectionsView(client),
    };
}

function connectionsView(client: TunnelClient): Record<string, unknown>[] {
    return client.connections.map((connection) => ({
        id: connection.id,
        uuid: connection.id,
        client_id: client.id,
        client_version: client.version,
        colo_name: connection.coloName,
        is_pending_reconnect: connection.isPendingReconnect,
        opened_at: connection.openedAt.toISOString(),
        origin_ip: connection.originIp,
    }));
}
