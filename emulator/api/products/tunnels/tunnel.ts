import { ApiError } from "../../http/apiError.ts";
import { defineTable, type Store } from "../../store/store.ts";
import { accounts, rootScope } from "../accounts.ts";

/** A tunnel as the store keeps it; connections and status are not part of it, they are read off the live connectors. */
export interface Tunnel {
    readonly id: string;
    readonly account_tag: string;
    readonly name: string;
    readonly config_src: "local" | "cloudflare";
    /** Base64 of at least 32 bytes. Needed in clear: the API gives it out again as part of the tunnel's token. */
    readonly tunnel_secret: string;
    readonly created_at: string;
    readonly deleted_at: string | null;
    /** When the tunnel got its first connection; null while it has none. */
    readonly conns_active_at: string | null;
    /** When it lost its last one; null while it has some, and before its first. */
    readonly conns_inactive_at: string | null;
    readonly metadata: Readonly<Record<string, unknown>>;
}

export const tunnels = defineTable<Tunnel>("tunnels");

/** The configuration document that a tunnel's connectors are given. Its id is the tunnel's. */
export interface StoredTunnelConfiguration {
    readonly id: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly source: "local" | "cloudflare";
    readonly version: number;
    readonly created_at: string;
}

export const tunnelConfigurations = defineTable<StoredTunnelConfiguration>("tunnelConfigurations");

/** A tunnel that exists and is not deleted, in whichever account. */
export function findLiveTunnel(store: Store, tunnelId: string): Tunnel | undefined {
    for (const account of store.table(rootScope, accounts).all()) {
        const tunnel = store.table(account.id, tunnels).get(tunnelId);
        if (tunnel !== undefined && tunnel.deleted_at === null) {
            return tunnel;
        }
    }
    return undefined;
}

/** There is no such tunnel (any more). The status is documented; the code and the text are not verified. */
export function tunnelNotFound(): ApiError {
    return new ApiError(404, { code: 1002, message: "Tunnel not found" });
}
