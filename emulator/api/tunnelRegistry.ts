import { timingSafeEqual } from "node:crypto";
import { EventEmitter } from "node:events";
import type {
    TunnelAuthentication,
    TunnelClient,
    TunnelConfiguration,
    TunnelDirectory,
    TunnelDirectoryEvents,
} from "../tunnelDirectory.ts";
import { accounts, rootScope } from "./products/accounts.ts";
import { findLiveTunnel, type Tunnel, tunnelConfigurations, tunnels } from "./products/tunnels/tunnel.ts";
import type { Store } from "./store/store.ts";

type Emitted = { [Event in keyof TunnelDirectoryEvents]: [TunnelDirectoryEvents[Event]] };

/**
 * The store's side of {@link TunnelDirectory}: tunnels and configurations come from the store, the connectors that are
 * live at the moment are kept here (they end with the process, so no snapshot holds them).
 */
export class TunnelRegistry implements TunnelDirectory {
    readonly #store: Store;
    readonly #clock: () => Date;
    readonly #events = new EventEmitter<Emitted>();
    readonly #live = new Map<string, readonly TunnelClient[]>();

    constructor(store: Store, clock: () => Date) {
        this.#store = store;
        this.#clock = clock;
    }

    authenticate(accountTag: string, tunnelId: string, secret: Uint8Array): TunnelAuthentication {
        const tunnel = this.#store.table(accountTag, tunnels).get(tunnelId);
        if (tunnel === undefined || tunnel.deleted_at !== null) {
            return "unknown-tunnel";
        }
        const expected = Buffer.from(tunnel.tunnel_secret, "base64");
        const equal = expected.length === secret.length && timingSafeEqual(expected, secret);
        return equal ? "ok" : "wrong-secret";
    }

    isRemotelyManaged(tunnelId: string): boolean {
        return findLiveTunnel(this.#store, tunnelId)?.config_src === "cloudflare";
    }

    configuration(tunnelId: string): TunnelConfiguration | undefined {
        const tunnel = findLiveTunnel(this.#store, tunnelId);
        return tunnel && this.#store.table(tunnel.account_tag, tunnelConfigurations).get(tunnelId);
    }

    connectionsChanged(tunnelId: string, clients: readonly TunnelClient[]): void {
        const tunnel = findLiveTunnel(this.#store, tunnelId);
        if (tunnel === undefined) {
            return;
        }
        const connected = clients.filter((client) => client.connections.length > 0);
        if (connected.length > 0) {
            this.#live.set(tunnelId, connected);
        } else {
            this.#live.delete(tunnelId);
        }
        this.#stampActivity(tunnel, connected.length > 0);
    }

    on<Event extends keyof TunnelDirectoryEvents>(
        event: Event,
        listener: (detail: TunnelDirectoryEvents[Event]) => void,
    ): () => void {
        const events: EventEmitter = this.#events;
        events.on(event, listener);
        return () => {
            events.off(event, listener);
        };
    }

    /** The connectors that are connected to the tunnel at the moment. */
    clients(tunnelId: string): readonly TunnelClient[] {
        return this.#live.get(tunnelId) ?? [];
    }

    configurationStored(tunnelId: string, configuration: TunnelConfiguration): void {
        this.#events.emit("configuration", { tunnelId, configuration });
    }

    secretChanged(tunnelId: string): void {
        this.#events.emit("secret", { tunnelId });
    }

    /** Asks the edge to close connections: one client's, or all of the tunnel's. */
    disconnect(tunnelId: string, clientId?: string): void {
        this.#events.emit("disconnect", { tunnelId, clientId });
    }

    tunnelDeleted(tunnelId: string): void {
        this.#live.delete(tunnelId);
        this.#events.emit("deleted", { tunnelId });
    }

    /**
     * Runs something that replaces the store's contents, and tells the edge what that meant for each tunnel: gone,
     * another secret, or another configuration. A tunnel that survives keeps its live connections.
     */
    replacing(replace: () => void): void {
        const before = this.#survey();
        replace();
        const after = this.#survey();
        for (const [tunnelId, was] of before) {
            const is = after.get(tunnelId);
            if (is === undefined) {
                this.tunnelDeleted(tunnelId);
                continue;
            }
            if (is.tunnel.tunnel_secret !== was.tunnel.tunnel_secret) {
                this.secretChanged(tunnelId);
            }
            if (is.configuration !== undefined && is.configuration.version !== was.configuration?.version) {
                this.configurationStored(tunnelId, is.configuration);
            }
        }
        for (const { tunnel } of after.values()) {
            this.#stampActivity(tunnel, this.#live.has(tunnel.id));
        }
    }

    #survey(): Map<string, { tunnel: Tunnel; configuration: TunnelConfiguration | undefined }> {
        const found = this.#store
            .table(rootScope, accounts)
            .all()
            .flatMap(({ id }) => this.#store.table(id, tunnels).filter(({ deleted_at }) => deleted_at === null));
        return new Map(
            found.map((tunnel) => [tunnel.id, { tunnel, configuration: this.configuration(tunnel.id) }] as const),
        );
    }

    /** Writes down when a tunnel got its first connection or lost its last one; between the two it changes nothing. */
    #stampActivity(tunnel: Tunnel, isActive: boolean): void {
        const wasActive = tunnel.conns_active_at !== null;
        if (isActive !== wasActive) {
            const now = this.#clock().toISOString();
            this.#store.table(tunnel.account_tag, tunnels).put({
                ...tunnel,
                conns_active_at: isActive ? now : null,
                conns_inactive_at: isActive ? null : now,
            });
        }
    }
}
