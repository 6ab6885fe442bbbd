import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import type { TLSSocket } from "node:tls";
import type { TunnelAuthentication, TunnelDirectory } from "../../tunnelDirectory.ts";
import { CertificateAuthority, EDGE_NAMES } from "../certificates.ts";
import type { RegisterConnectionRequest, RegistrationOutcome } from "../rpc/registration.ts";
import { parseEdgeAddresses } from "./addresses.ts";
import { CloseReason } from "./closeReason.ts";
import { ConnectionTable } from "./connectionTable.ts";
import { ConnectorSession } from "./connectorSession.ts";
import { type EdgeListener, listen } from "./listener.ts";
import { DEFAULT_TIMEOUTS, type SessionTimeouts } from "./timeouts.ts";
import { TunnelConnection } from "./tunnelConnection.ts";

/** Name of our one data centre, shaped like Cloudflare's. */
const DEFAULT_LOCATION = "loc01";

export interface TunnelEdgeOptions {
    /**
     * Where to listen: `IPv4:port` or `[IPv6]:port`, on loopback or on a Docker bridge's gateway address only; port 0 takes any
     * free port. A connector opens as many connections as it is told addresses, counting one told twice as two.
     */
    readonly addresses: readonly string[];
    readonly directory: TunnelDirectory;
    /** Folder that keeps the certificate authority. Without it each edge makes its own, which no other edge's connectors trust. */
    readonly stateDir?: string | undefined;
    /** An authority that is open already, in place of `stateDir`. */
    readonly certificateAuthority?: CertificateAuthority | undefined;
    /** Data centre code that connectors are told and the API shows; `loc01` by default. */
    readonly location?: string | undefined;
    /** Deviations from the default timeouts, in milliseconds. */
    readonly timeouts?: Partial<SessionTimeouts> | undefined;
}

/** What can be listened to on a `TunnelEdge`. */
export interface TunnelEdgeEvents {
    /** A connector has registered a connection. */
    connected: TunnelConnection;
    /** A connector has answered a configuration push; `connection.configuration` says how. */
    configured: TunnelConnection;
    /** A registered connection takes no more requests. */
    disconnected: {
        readonly connection: TunnelConnection;
        readonly reason: CloseReason;
        readonly detail?: string | undefined;
    };
    /** A connector presented credentials that are not good. */
    refused: {
        readonly tunnelId: string;
        readonly accountTag: string;
        readonly originIp: string;
        readonly cause: string;
    };
    /** A client was turned away before it could register: it broke the protocol, or went silent. */
    failed: { readonly originIp: string; readonly reason: CloseReason; readonly detail?: string | undefined };
}

/**
 * Cloudflare's side of the tunnel protocol over HTTP/2, for unmodified connectors:
 * `cloudflared tunnel --protocol http2 --edge 127.0.0.1:7844 --edge 127.0.0.1:7844 --cacert ca.pem run …`.
 *
 * It checks credentials against the directory, brings connectors to the directory's configuration, and tells it who is connected.
 *
 * @example
 * await using edge = await TunnelEdge.start({ addresses: ["127.0.0.1:7844"], directory, stateDir });
 * edge.on("connected", (connection) => console.error(`${connection.tunnelId}: ${connection.connector.version}`));
 */
export class TunnelEdge implements AsyncDisposable {
    /** Where the edge listens, in the order of the options, with the ports that it really has. */
    readonly addresses: readonly string[];
    /** The root certificate that connectors must trust, PEM. */
    readonly caPem: string;
    readonly #directory: TunnelDirectory;
    readonly #location: string;
    readonly #timeouts: SessionTimeouts;
    readonly #listeners: readonly EdgeListener[];
    readonly #subscriptions: readonly (() => void)[];
    readonly #table = new ConnectionTable();
    readonly #sessions = new Set<ConnectorSession>();
    /** Connections that were announced as connected and not yet as disconnected. */
    readonly #announced = new Set<TunnelConnection>();
    readonly #events = new EventEmitter<{ [Name in keyof TunnelEdgeEvents]: [TunnelEdgeEvents[Name]] }>();

    /**
     * Opens the listeners. Either all of them are open afterwards, or none.
     *
     * @throws EdgeAddressError, EdgeListenError, CertificateAuthorityError
     */
    static async start(options: TunnelEdgeOptions): Promise<TunnelEdge> {
        const addresses = parseEdgeAddresses(options.addresses);
        const authority =
            options.certificateAuthority ?? (await CertificateAuthority.open({ stateDir: options.stateDir }));
        const certificate = await authority.issue(EDGE_NAMES);
        await using opened = new AsyncDisposableStack();
        const listeners: EdgeListener[] = [];
        const accepted = Promise.withResolvers<TunnelEdge>();
        for (const address of addresses) {
            // Nobody can connect before the edge exists, unless to an address that is open while a later one is not yet.
            const listener = await listen(address, certificate, (socket) => {
                void accepted.promise.then((edge) => edge.#serve(socket));
            });
            listeners.push(opened.use(listener));
        }
        const edge = new TunnelEdge(options, authority.caPem, listeners);
        accepted.resolve(edge);
        opened.move();
        return edge;
    }

    private constructor(options: TunnelEdgeOptions, caPem: string, listeners: readonly EdgeListener[]) {
        this.addresses = listeners.map(({ address }) => address);
        this.caPem = caPem;
        this.#directory = options.directory;
        this.#location = options.location ?? DEFAULT_LOCATION;
        this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
        this.#listeners = listeners;
        this.#subscriptions = this.#followDirectory();
    }

    /** The tunnel's connections that take requests. */
    connectionsOf(tunnelId: string): TunnelConnection[] {
        return this.#table.of(tunnelId);
    }

    /** Subscribes to one kind of event; the returned function ends the subscription. */
    on<Name extends keyof TunnelEdgeEvents>(
        name: Name,
        listener: (detail: TunnelEdgeEvents[Name]) => void,
    ): () => void {
        const emitter: EventEmitter = this.#events;
        emitter.on(name, listener);
        return () => emitter.off(name, listener);
    }

    /** Closes listeners and connections; connectors try to come back until an edge listens there again. */
    async [Symbol.asyncDispose](): Promise<void> {
        for (const unsubscribe of this.#subscriptions) {
            unsubscribe();
        }
        const sessions = [...this.#sessions];
        for (const session of sessions) {
            session.destroy(CloseReason.EdgeClosed);
        }
        await Promise.all([
            ...sessions.map((session) => session.closed),
            ...this.#listeners.map((listener) => listener[Symbol.asyncDispose]()),
        ]);
    }

    /**
     * A changed secret is not followed: it counts for new registrations only, "existing connectors remain active until
     * restarted" (developers.cloudflare.com/tunnel/reference/tunnel-tokens); the API's clean-up of connections is what drops them.
     */
    #followDirectory(): (() => void)[] {
        return [
            this.#directory.on("configuration", ({ tunnelId }) => {
                for (const connection of this.connectionsOf(tunnelId)) {
                    this.#configure(connection);
                }
            }),
            this.#directory.on("disconnect", ({ tunnelId, clientId }) => {
                for (const connection of this.connectionsOf(tunnelId)) {
                    if (clientId === undefined || connection.connector.id === clientId) {
                        connection.close(CloseReason.Disconnected);
                    }
                }
            }),
            this.#directory.on("deleted", ({ tunnelId }) => {
                for (const connection of this.connectionsOf(tunnelId)) {
                    connection.close(CloseReason.TunnelDeleted);
                }
            }),
        ];
    }

    #serve(socket: TLSSocket): void {
        const originIp = socket.remoteAddress ?? "";
        let connection: TunnelConnection | undefined;
        const session: ConnectorSession = new ConnectorSession(
            socket,
            {
                registerConnection: (request) => this.#authorise(request, originIp),
                registered: (request, { connectionId, locationName }) => {
                    const details = { id: connectionId, originIp, coloName: locationName, request };
                    connection = new TunnelConnection(session, details, this.#timeouts, (configured) => {
                        this.#publish(configured.tunnelId);
                        this.#events.emit("configured", configured);
                    });
                    this.#connect(connection);
                },
                leaving: (reason, detail) => connection && this.#disconnect(connection, reason, detail),
                updateLocalConfiguration: (config) => {
                    if (connection !== undefined) {
                        connection.localConfiguration = Buffer.from(config).toString("utf8");
                    }
                },
                closed: (reason, detail) => {
                    this.#sessions.delete(session);
                    if (connection !== undefined) {
                        this.#disconnect(connection, reason, detail);
                    } else if (reason !== CloseReason.Refused) {
                        this.#events.emit("failed", { originIp, reason, detail });
                    }
                },
            },
            this.#timeouts,
        );
        this.#sessions.add(session);
    }

    #authorise(request: RegisterConnectionRequest, originIp: string): RegistrationOutcome {
        const { accountTag, tunnelId, tunnelSecret } = request;
        const authentication = this.#directory.authenticate(accountTag, tunnelId, tunnelSecret);
        if (authentication === "ok") {
            return {
                kind: "registered",
                connectionId: randomUUID(),
                locationName: this.#location,
                isRemotelyManaged: this.#directory.isRemotelyManaged(tunnelId),
            };
        }
        const cause = REFUSALS[authentication];
        this.#events.emit("refused", { tunnelId, accountTag, originIp, cause });
        return { kind: "refused", cause, shouldRetry: false, retryAfterMs: 0 };
    }

    #connect(connection: TunnelConnection): void {
        // The new one is there before the old one goes, so the tunnel is never without a connection in between. Cloudflare
        // answers EDUPCONN instead, unless told to replace; on few addresses that makes a connector try in a tight loop.
        const replaced = this.#table.add(connection);
        this.#announced.add(connection);
        this.#publish(connection.tunnelId);
        this.#events.emit("connected", connection);
        replaced?.close(CloseReason.Replaced);
        this.#configure(connection);
    }

    #disconnect(connection: TunnelConnection, reason: CloseReason, detail?: string): void {
        if (!this.#announced.delete(connection)) {
            return;
        }
        if (this.#table.remove(connection)) {
            this.#publish(connection.tunnelId);
        }
        this.#events.emit("disconnected", { connection, reason, detail });
    }

    #configure(connection: TunnelConnection): void {
        const { tunnelId } = connection;
        const configuration = this.#directory.configuration(tunnelId);
        if (configuration !== undefined && this.#directory.isRemotelyManaged(tunnelId)) {
            connection.configure(configuration);
        }
    }

    #publish(tunnelId: string): void {
        this.#directory.connectionsChanged(tunnelId, this.#table.clientsOf(tunnelId));
    }
}

/** Cloudflare's own words, which people search for. cloudflared goes on trying when it reads `Unauthorized`. */
const REFUSALS: Record<Exclude<TunnelAuthentication, "ok">, string> = {
    "unknown-tunnel": "Unauthorized: Failed to get tunnel",
    "wrong-secret": "Unauthorized: Invalid tunnel secret",
};
