import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { TunnelConfiguration } from "../../tunnelDirectory.ts";
import type { RegisterConnectionRequest } from "../rpc/registration.ts";
import type { CloseReason } from "./closeReason.ts";
import { ConfigurationPush, type ConfigurationState } from "./configurationPush.ts";
import type { ConnectorSession } from "./connectorSession.ts";
import {
    CONNECTION_UPGRADE_HEADER,
    ConnectionUpgrade,
    isInternalHeader,
    TCP_SOURCE_HEADER,
} from "./internalHeaders.ts";
import type { SessionTimeouts } from "./timeouts.ts";

/** What a connector said of itself when it registered. */
export type ConnectorInfo = RegisterConnectionRequest["client"];

/** A request was made on a connection that takes none any more; another connection of the tunnel may. */
export class ConnectionClosedError extends Error {
    override readonly name = "ConnectionClosedError";
}

export interface RequestOptions {
    /** True when no body follows, so that the connector sends none to the origin either. Off by default. */
    readonly endStream?: boolean | undefined;
    /** The connector makes a WebSocket upgrade of the request and carries the frames as the stream's bytes. Off by default. */
    readonly isWebSocket?: boolean | undefined;
    /** Asks with `wantTrailers`, after the body, for the trailers; the stream does not end before it has them. Off by default. */
    readonly waitForTrailers?: boolean | undefined;
    /**
     * `address:port` of a private network's client: the connector connects to `:authority` over TCP and carries the bytes as the stream's. An HTTP
     * request where omitted.
     */
    readonly tcpSource?: string | undefined;
}

interface TunnelConnectionDetails {
    readonly id: string;
    readonly originIp: string;
    readonly coloName: string;
    readonly request: RegisterConnectionRequest;
}

/** One registered connection of a connector: what requests from outside travel through. */
export class TunnelConnection {
    /** UUID that the edge gave the connection. */
    readonly id: string;
    readonly tunnelId: string;
    readonly accountTag: string;
    readonly connector: ConnectorInfo;
    /** Which of the connector's connections this is, counted from 0. */
    readonly connIndex: number;
    /** Address that the connector dials from, without the port. */
    readonly originIp: string;
    /** Code of the edge location that the connector was told. */
    readonly coloName: string;
    readonly openedAt = new Date();
    /** The connector's own configuration (JSON), where the tunnel is not remotely managed and the connector has sent it. */
    localConfiguration: string | undefined;
    readonly #session: ConnectorSession;
    readonly #push: ConfigurationPush;

    constructor(
        session: ConnectorSession,
        details: TunnelConnectionDetails,
        timeouts: SessionTimeouts,
        onConfigurationAnswer: (connection: TunnelConnection) => void,
    ) {
        this.id = details.id;
        this.originIp = details.originIp;
        this.coloName = details.coloName;
        this.tunnelId = details.request.tunnelId;
        this.accountTag = details.request.accountTag;
        this.connector = details.request.client;
        this.connIndex = details.request.connIndex;
        this.#session = session;
        this.#push = new ConfigurationPush(session, timeouts.configuration, () => onConfigurationAnswer(this));
    }

    /** True while requests can be made: from the registration until the connector says goodbye or the connection ends. */
    get isOpen(): boolean {
        return !this.#session.isEnding;
    }

    /**
     * False while the connector has yet to take its first configuration. cloudflared registers before that, and answers everything with a 503
     * until then (ingress/ingress.go: "cloudflared will return 503 for all incoming HTTP requests").
     */
    get isConfigured(): boolean {
        return !this.#push.isFirstUnderWay;
    }

    get configuration(): ConfigurationState {
        return this.#push.state;
    }

    /**
     * Opens an HTTP/2 stream to the connector. `:authority` is the public hostname, `:path` the path with the query.
     * Headers that only the edge may send are left out, wherever they come from: with them a client could command the connector.
     *
     * @throws ConnectionClosedError when the connection takes no requests any more. Later errors arrive on the stream.
     */
    request(headers: OutgoingHttpHeaders, options: RequestOptions = {}): ClientHttp2Stream {
        if (!this.isOpen) {
            throw new ConnectionClosedError(`connection ${this.id} of tunnel ${this.tunnelId} is closed`);
        }
        const sent = pairsOf(headers);
        if (options.isWebSocket) {
            sent.push(CONNECTION_UPGRADE_HEADER, ConnectionUpgrade.WebSocket);
        }
        if (options.tcpSource !== undefined) {
            sent.push(TCP_SOURCE_HEADER, options.tcpSource);
        }
        return this.#session.request(sent, options.endStream ?? false, options.waitForTrailers);
    }

    /** Brings the connector to this configuration; the newest one wins when several follow each other quickly. */
    configure(configuration: TunnelConfiguration): void {
        this.#push.configure(configuration);
    }

    /**
     * Closes at once, with what is under way. There is no gentler way from this side: cloudflared ignores GOAWAY, and holds
     * its control stream for as long as it runs.
     */
    close(reason: CloseReason): void {
        this.#session.destroy(reason);
    }
}

/** Names and values in turn, which costs node:http2 less than an object does; without what only the edge may say to a connector. */
function pairsOf(headers: OutgoingHttpHeaders): string[] {
    const pairs: string[] = [];
    for (const name of Object.keys(headers)) {
        const value = headers[name];
        if (value === undefined || isInternalHeader(name)) {
            continue;
        }
        if (Array.isArray(value)) {
            for (const single of value) {
                pairs.push(name, single);
            }
        } else {
            pairs.push(name, String(value));
        }
    }
    return pairs;
}
