import { EventEmitter } from "node:events";
import type {
    TunnelAuthentication,
    TunnelClient,
    TunnelConfiguration,
    TunnelDirectory,
    TunnelDirectoryEvents,
} from "../../../emulator/tunnelDirectory.ts";

interface KnownTunnel {
    readonly accountTag: string;
    readonly secret: Uint8Array;
    readonly isRemotelyManaged: boolean;
    configuration?: TunnelConfiguration;
}

/** A directory of tunnels that a test fills in by hand, and that keeps what the edge publishes. */
export class MemoryDirectory implements TunnelDirectory {
    /** What the edge published last, by tunnel. */
    readonly published = new Map<string, readonly TunnelClient[]>();
    readonly #tunnels = new Map<string, KnownTunnel>();
    readonly #events = new EventEmitter();

    addTunnel(tunnelId: string, tunnel: KnownTunnel): void {
        this.#tunnels.set(tunnelId, tunnel);
    }

    /** Stores the next version of the configuration and tells the edge. */
    configure(tunnelId: string, config: Record<string, unknown>): TunnelConfiguration {
        const tunnel = this.#require(tunnelId);
        tunnel.configuration = { version: (tunnel.configuration?.version ?? -1) + 1, config };
        this.emit("configuration", { tunnelId, configuration: tunnel.configuration });
        return tunnel.configuration;
    }

    emit<Event extends keyof TunnelDirectoryEvents>(event: Event, detail: TunnelDirectoryEvents[Event]): void {
        this.#events.emit(event, detail);
    }

    /** How many listeners the edge has left behind. */
    get listenerCount(): number {
        return this.#events.eventNames().reduce((sum, name) => sum + this.#events.listenerCount(name), 0);
    }

    authenticate(accountTag: string, tunnelId: string, secret: Uint8Array): TunnelAuthentication {
        const tunnel = this.#tunnels.get(tunnelId);
        if (tunnel === undefined || tunnel.accountTag !== accountTag) {
            return "unknown-tunnel";
        }
        return Buffer.compare(tunnel.secret, secret) === 0 ? "ok" : "wrong-secret";
    }

    isRemotelyManaged(tunnelId: string): boolean {
        return this.#tunnels.get(tunnelId)?.isRemotelyManaged ?? false;
    }

    configuration(tunnelId: string): TunnelConfiguration | undefined {
        return this.#tunnels.get(tunnelId)?.configuration;
    }

    connectionsChanged(tunnelId: string, clients: readonly TunnelClient[]): void {
        this.published.set(tunnelId, clients);
    }

    on<Event extends keyof TunnelDirectoryEvents>(
        event: Event,
        listener: (detail: TunnelDirectoryEvents[Event]) => void,
    ): () => void {
        this.#events.on(event, listener);
        return () => this.#events.off(event, listener);
    }

    #require(tunnelId: string): KnownTunnel {
        const tunnel = this.#tunnels.get(tunnelId);
        if (tunnel === undefined) {
            throw new Error(`no tunnel ${tunnelId} in this test`);
        }
        return tunnel;
    }
}
