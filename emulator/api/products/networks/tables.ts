import { defineTable } from "../../store/store.ts";

/** A private network that is reached through a tunnel. */
export interface NetworkRoute {
    readonly id: string;
    readonly network: string;
    readonly tunnel_id: string;
    readonly virtual_network_id: string;
    readonly comment: string;
    readonly created_at: string;
    readonly deleted_at: string | null;
}

export const networkRoutes = defineTable<NetworkRoute>("networkRoutes");

/** A private host name that is reached through a tunnel, whose connector resolves it. */
export interface HostnameRoute {
    readonly id: string;
    readonly hostname: string;
    readonly tunnel_id: string;
    readonly comment: string;
    readonly created_at: string;
    readonly deleted_at: string | null;
}

export const hostnameRoutes = defineTable<HostnameRoute>("privateHostnameRoutes");

/** A name space for private routes: two of them may hold the same network. */
export interface VirtualNetwork {
    readonly id: string;
    readonly name: string;
    readonly comment: string;
    readonly is_default_network: boolean;
    readonly created_at: string;
    readonly deleted_at: string | null;
}

export const virtualNetworks = defineTable<VirtualNetwork>("virtualNetworks");
