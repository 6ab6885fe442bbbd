import type { TunnelStatus } from "./api/products/tunnels/tunnelView.ts";
import type { TunnelClient } from "./tunnelDirectory.ts";

/** A tunnel with the connectors that are connected to it at the moment. */
export interface TunnelOverview {
    readonly id: string;
    readonly name: string;
    readonly status: TunnelStatus;
    readonly connectors: readonly TunnelClient[];
}

/** A hostname whose proxied record leads to a tunnel; the first label may be `*`. */
export interface HostnameOverview {
    readonly hostname: string;
    readonly tunnelId: string;
}

/** What the account has, for people to look at: the API implements it, the edge's status page shows it. It holds no secret. */
export interface AccountOverview {
    tunnels(): readonly TunnelOverview[];
    hostnames(): readonly HostnameOverview[];
}
