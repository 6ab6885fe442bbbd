import {
    type ClientHttp2Session,
    type ClientHttp2Stream,
    connect,
    constants,
    type OutgoingHttpHeaders,
} from "node:http2";
import type { TLSSocket } from "node:tls";
import { RpcProtocolError } from "../rpc/errors.ts";
import { encodeAbort } from "../rpc/messages.ts";
import type { RegisterConnectionRequest, RegistrationOutcome } from "../rpc/registration.ts";
import { RegistrationServer } from "../rpc/registrationServer.ts";
import { CloseReason } from "./closeReason.ts";
import { CONNECTION_UPGRADE_HEADER, ConnectionUpgrade } from "./internalHeaders.ts";
import type { SessionTimeouts } from "./timeouts.ts";

type Registered = Extract<RegistrationOutcome, { kind: "registered" }>;

/** What the edge decides and wants to hear about one session. */
export interface SessionHandler {
    registerConnection(request: RegisterConnectionRequest): RegistrationOutcome;
    /** The answer to an accepted registration is on its way: streams may be opened. */
    registered(request: RegisterConnectionRequest, outcome: Registered): void;
    /** No new streams, the connector is about to go; those that are open go on. `closed` follows, with the same reason. */
    leaving(reason: CloseReason, detail?: string): void;
    updateLocalConfiguration(config: Uint8Array): void;
    /** Called once, when the socket is closed; `detail` says more where there is more to say. */
    closed(reason: CloseReason, detail?: string): void;
}

/** Per stream, what a connector may send before we have read it; the sum over streams is bounded by the session's window. */
const STREAM_WINDOW_BYTES = 1024 * 1024;
const SESSION_WINDOW_BYTES = 16 * 1024 * 1024;
/** Headers go both ways up to this; it leaves Cloudflare's 128 KiB enough room when the origin's travel as base64. */
const MAX_HEADER_BYTES = 256 * 1024;
/** Node refuses new streams beyond this many megabytes held for one session; its default of 10 is below the window. */
const MAX_SESSION_MEMORY_MB = 64;

/**
 * The edge's side of one connection with a connector, from the finished TLS handshake to the closed socket.
 *
 * The roles are those of cloudflared's connection/http2.go: the edge has accepted the socket and is the HTTP/2 client on it; its first
 * request is the control stream, over which the connector registers, and which lives as long as the connection.
 */
export class ConnectorSession {
    /** Settled once the connection is closed and everybody has been told. */
    readonly closed: Promise<void>;
    readonly #socket: TLSSocket;
    readonly #http2: ClientHttp2Session;
    readonly #control: ClientHttp2Stream;
    readonly #rpc: RegistrationServer;
    readonly #handler: SessionHandler;
    readonly #timeouts: SessionTimeouts;
    readonly #registrationDeadline: NodeJS.Timeout;
    #pingTimer: NodeJS.Timeout | undefined;
    #pingDeadline: NodeJS.Timeout | undefined;
    #closeDeadline: NodeJS.Timeout | undefined;
    #decided: { request: RegisterConnectionRequest; outcome: RegistrationOutcome } | undefined;
    #ending: { reason: CloseReason; detail?: string | undefined } | undefined;

    constructor(socket: TLSSocket, handler: SessionHandler, timeouts: SessionTimeouts) {
        this.#socket = socket.setNoDelay(true);
        this.#handler = handler;
        this.#timeouts = timeouts;
        this.#rpc = new RegistrationServer(
            {
                registerConnection: (request) => this.#register(request),
                unregisterConnection: () => this.#unregister(),
                updateLocalConfiguration: (config) => handler.updateLocalConfiguration(config),
            },
            (message) => this.#control.write(message),
        );
        this.#http2 = connect("https://h2.cftunnel.com", {
            createConnection: () => socket,
            maxSessionMemory: MAX_SESSION_MEMORY_MB,
            maxSendHeaderBlockLength: MAX_HEADER_BYTES,
            settings: {
                enablePush: false,
                initialWindowSize: STREAM_WINDOW_BYTES,
                maxHeaderListSize: MAX_HEADER_BYTES,
            },
        });
        this.#http2.on("error", (error) => this.destroy(CloseReason.Lost, error.message));
        this.#http2.once("goaway", (code) => this.#leave(CloseReason.Lost, `the connector sent GOAWAY (code ${code})`));
        this.#http2.once("connect", () => this.#http2.setLocalWindowSize(SESSION_WINDOW_BYTES));
        this.closed = new Promise((resolve) => {
            this.#http2.once("close", () => {
                this.#finish();
                resolve();
            });
        });
        this.#registrationDeadline = setTimeout(
            () => this.destroy(CloseReason.Unresponsive, "no registration in time"),
            timeouts.registration,
        );
        this.#control = this.#openControlStream();
    }

    /** Opens a stream to the connector. Errors arrive on the stream. */
    request(
        headers: OutgoingHttpHeaders | readonly string[],
        endStream: boolean,
        waitForTrailers = false,
    ): ClientHttp2Stream {
        return this.#http2.request(headers, { endStream, waitForTrailers });
    }

    /** True once no stream can be opened any more. */
    get isEnding(): boolean {
        return this.#ending !== undefined || this.#http2.closed || this.#http2.destroyed;
    }

    /** Cuts the connection. */
    destroy(reason: CloseReason, detail?: string): void {
        this.#ending ??= { reason, detail };
        this.#http2.destroy();
        this.#socket.destroy();
    }

    #openControlStream(): ClientHttp2Stream {
        const stream = this.request(
            { ":method": "GET", ":path": "/", [CONNECTION_UPGRADE_HEADER]: ConnectionUpgrade.ControlStream },
            false,
        );
        stream.once("response", (headers) => {
            if (headers[":status"] !== constants.HTTP_STATUS_OK) {
                this.destroy(CloseReason.Malformed, `control stream answered with status ${headers[":status"]}`);
            }
        });
        stream.on("data", (chunk: Buffer) => this.#receive(() => this.#rpc.receive(chunk)));
        stream.once("end", () => {
            this.#receive(() => this.#rpc.end());
            this.#leave(CloseReason.Lost, "the connector ended the control stream");
        });
        // Without its control stream the connection is of no use. cloudflared resets it after a refused registration.
        stream.on("error", () => {});
        stream.once("close", () => this.#leave(CloseReason.Lost, "the control stream was closed"));
        return stream;
    }

    /** Lets the RPC server take what has arrived, and acts on what came of it. */
    #receive(feed: () => void): void {
        if (this.#http2.destroyed) {
            return;
        }
        try {
            feed();
        } catch (error) {
            if (!(error instanceof RpcProtocolError)) {
                throw error;
            }
            this.#control.write(encodeAbort(error.message));
            this.#closeWithin(CloseReason.Malformed, error.message);
            return;
        }
        this.#followRegistration();
    }

    #register(request: RegisterConnectionRequest): RegistrationOutcome {
        const outcome = this.#handler.registerConnection(request);
        this.#decided = { request, outcome };
        return outcome;
    }

    /** Runs after the answer was written, so that nothing overtakes it. */
    #followRegistration(): void {
        const decided = this.#decided;
        this.#decided = undefined;
        if (decided === undefined || this.#ending !== undefined) {
            return;
        }
        clearTimeout(this.#registrationDeadline);
        if (decided.outcome.kind === "refused") {
            // Over HTTP/2, cloudflared waits for the edge to close the connection before it tries again.
            this.#closeWithin(CloseReason.Refused);
        } else {
            this.#pingTimer = setInterval(() => this.#ping(), this.#timeouts.pingInterval);
            this.#handler.registered(decided.request, decided.outcome);
        }
    }

    #unregister(): void {
        this.#ending ??= { reason: CloseReason.Unregistered };
        this.#handler.leaving(CloseReason.Unregistered);
    }

    /** The connector goes. After a goodbye it decides itself how long its last streams take, else the edge does. */
    #leave(reason: CloseReason, detail: string): void {
        if (this.#ending?.reason === CloseReason.Unregistered) {
            this.#close(reason);
        } else if (!this.#http2.destroyed) {
            this.#closeWithin(reason, detail);
            this.#handler.leaving(this.#ending?.reason ?? reason, detail);
        }
    }

    /**
     * Lets open streams finish, opens no new ones, then closes the connection. Of several reasons the first one counts.
     * The control stream is one of those streams, so this ends only with a connector that gives it up.
     */
    #close(reason: CloseReason, detail?: string): void {
        this.#ending ??= { reason, detail };
        this.#control.end();
        this.#http2.close();
    }

    /** Closes in an orderly way, so that what was just written arrives, but does not wait for the peer for ever. */
    #closeWithin(reason: CloseReason, detail?: string): void {
        clearTimeout(this.#registrationDeadline);
        this.#close(reason, detail);
        this.#closeDeadline ??= setTimeout(() => this.destroy(reason, detail), this.#timeouts.close);
    }

    #ping(): void {
        if (this.#pingDeadline !== undefined || this.#http2.destroyed) {
            return;
        }
        this.#pingDeadline = setTimeout(
            () => this.destroy(CloseReason.Unresponsive, "no answer to a PING"),
            this.#timeouts.pingAnswer,
        );
        this.#http2.ping(() => {
            clearTimeout(this.#pingDeadline);
            this.#pingDeadline = undefined;
        });
    }

    #finish(): void {
        clearTimeout(this.#registrationDeadline);
        clearTimeout(this.#closeDeadline);
        clearInterval(this.#pingTimer);
        clearTimeout(this.#pingDeadline);
        this.#socket.destroy();
        const { reason, detail } = this.#ending ?? { reason: CloseReason.Lost };
        this.#handler.closed(reason, detail);
    }
}
