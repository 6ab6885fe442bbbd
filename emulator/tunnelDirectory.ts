/**
 * What the edge (tunnel protocol) needs to know from the API's store, and what it tells it.
 *
 * The API half implements this interface and owns the data; the edge half holds no copy of it. Everything here is
 * synchronous: both halves live in one process, and an answer must not be older than the last API call.
 */

/** What came of checking the credentials that a connector presents in `registerConnection`. */
export type TunnelAuthentication = "ok" | "unknown-tunnel" | "wrong-secret";

/** A tunnel's configuration document as `PUT …/cfd_tunnel/{id}/configurations` stored it. */
export interface TunnelConfiguration {
    /** Grows by one with each PUT; a connector ignores a version that is not above its own. */
    readonly version: number;
    /** `{ ingress: [...], originRequest?, "warp-routing"? }`, exactly as the client sent it. */
    readonly config: Readonly<Record<string, unknown>>;
}

/** One live connection of a connector to the edge. */
export interface TunnelConnection {
    /** UUID that the edge gave this connection. */
    readonly id: string;
    /** Edge data centre, for example `loc01`. */
    readonly coloName: string;
    /** Address that the connector dials from, without the port. */
    readonly originIp: string;
    readonly openedAt: Date;
    /** True while the edge expects the connector to come back. */
    readonly isPendingReconnect: boolean;
}

/** One running `cloudflared` process and its connections. */
export interface TunnelClient {
    /** UUID that the connector chose at its start. */
    readonly id: string;
    /** Its version, for example `2025.2.0`. */
    readonly version: string;
    /** Its platform, for example `linux_amd64`. */
    readonly arch: string;
    readonly features: readonly string[];
    /** When its first connection was registered. */
    readonly runAt: Date;
    /** The configuration version that the connector last confirmed. */
    readonly configVersion?: number | undefined;
    readonly connections: readonly TunnelConnection[];
}

/** What can happen to a tunnel while connectors are registered. */
export interface TunnelDirectoryEvents {
    /** A new configuration was stored; the edge pushes it to every connector. */
    configuration: { readonly tunnelId: string; readonly configuration: TunnelConfiguration };
    /** The secret was changed: credentials that were good before are no longer. */
    secret: { readonly tunnelId: string };
    /** Somebody asked for connections to be closed: those of one client, or all of the tunnel's. */
    disconnect: { readonly tunnelId: string; readonly clientId?: string | undefined };
    /** The tunnel is gone (deleted, or the emulator was reset). */
    deleted: { readonly tunnelId: string };
}

/** The seam between `emulator/api` (implements it) and `emulator/edge` (uses it). */
export interface TunnelDirectory {
    /**
     * Checks a connector's credentials.
     *
     * @param secret the raw secret bytes, as they travel in the RPC (not base64).
     */
    authenticate(accountTag: string, tunnelId: string, secret: Uint8Array): TunnelAuthentication;

    /** True when the tunnel takes its configuration from here (`config_src: "cloudflare"`), false for an unknown tunnel. */
    isRemotelyManaged(tunnelId: string): boolean;

    /** The tunnel's current configuration; undefined when none was stored or the tunnel is unknown. */
    configuration(tunnelId: string): TunnelConfiguration | undefined;

    /**
     * Replaces what is known of a tunnel's live connectors; an empty list means that the last one went.
     * The API's `connections`, `status`, `conns_active_at` and the refusal to delete (1022) follow from it.
     * A tunnel that is gone is ignored: its connectors may still be closing.
     */
    connectionsChanged(tunnelId: string, clients: readonly TunnelClient[]): void;

    /** Subscribes to one kind of event; the returned function ends the subscription. */
    on<Event extends keyof TunnelDirectoryEvents>(
        event: Event,
        listener: (detail: TunnelDirectoryEvents[Event]) => void,
    ): () => void;
}
