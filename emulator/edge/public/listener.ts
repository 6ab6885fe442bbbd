import { constants } from "node:crypto";
import { type IncomingMessage, type ServerOptions, ServerResponse } from "node:http";
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { parseEdgeAddresses } from "../transport/addresses.ts";
import { type EdgeListener, openListener } from "../transport/listener.ts";
import type { ClientSide } from "./client/clientSide.ts";
import { Http1Side } from "./client/http1Side.ts";
import { Http2Reply, Http2Side } from "./client/http2Side.ts";
import { ClientExchange } from "./clientExchange.ts";
import {
    CLIENT_SESSION_WINDOW_BYTES,
    CLIENT_STREAM_WINDOW_BYTES,
    MAX_HEADER_BYTES,
    type PublicTimeouts,
} from "./limits.ts";
import type { ServerCertificates } from "./serverCertificates.ts";
import { Silence } from "./silence.ts";

export interface PublicListenerOptions {
    readonly address: string;
    readonly certificates: ServerCertificates;
    readonly location: string;
    readonly timeouts: PublicTimeouts;
    readonly onExchange: (exchange: ClientExchange) => void;
    /** CONNECT other than for a WebSocket. */
    readonly onForwardProxy: (exchange: ClientExchange) => void;
}

/** What the parsers take before they refuse by themselves, which is ruder; above the limit and up to this it is a page that says so. */
const PARSED_HEADER_BYTES = 2 * MAX_HEADER_BYTES;
const MAX_HEADER_PAIRS = 2000;
/** Node drops clients' streams beyond this many megabytes held for one connection; its default of 10 is near the window. */
const MAX_SESSION_MEMORY_MB = 64;

/**
 * Listens for clients, HTTP/2 and HTTP/1.1, on loopback. The certificate goes by the name in the ClientHello, without which
 * there is none; a name that has no certificate fails the handshake.
 *
 * @throws EdgeAddressError, EdgeListenError
 */
export async function listenForClients(options: PublicListenerOptions): Promise<EdgeListener> {
    const { certificates, location, timeouts, onExchange } = options;
    // Without routes there is no Docker bridge, and so nothing but loopback.
    const [address] = parseEdgeAddresses([options.address], "");
    if (address === undefined) {
        throw new Error("an address that was accepted is not there");
    }
    const http1Options: ServerOptions = {
        maxHeaderSize: PARSED_HEADER_BYTES,
        headersTimeout: timeouts.requestHeaders,
        connectionsCheckingInterval: Math.min(timeouts.requestHeaders, 30_000),
        // A large upload may take its time.
        requestTimeout: 0,
        keepAliveTimeout: timeouts.clientIdle,
    };
    const server = createSecureServer({
        allowHTTP1: true,
        minVersion: "TLSv1.2",
        // Nothing is resumed: a resumed TLS 1.2 session does not tell its server name, and no resumed one the issuers of its certificate.
        secureOptions: constants.SSL_OP_NO_TICKET,
        requestCert: certificates.asksClients,
        // Access judges client certificates, and says so on a page.
        rejectUnauthorized: false,
        SNICallback: (name, done) => {
            const context = certificates.contextFor(name.toLowerCase());
            if (context === undefined) {
                done(new Error(`no server of the name "${name}" here`));
            } else {
                context.then((found) => done(null, found), done);
            }
        },
        maxSessionMemory: MAX_SESSION_MEMORY_MB,
        maxHeaderListPairs: MAX_HEADER_PAIRS,
        maxSendHeaderBlockLength: PARSED_HEADER_BYTES,
        settings: {
            enableConnectProtocol: true,
            initialWindowSize: CLIENT_STREAM_WINDOW_BYTES,
            maxHeaderListSize: PARSED_HEADER_BYTES,
        },
        http1Options,
        // The types ask for heirs of node:http2's own classes; it calls their constructors, and of a reply what `Http2Reply` has.
        Http2ServerRequest: Http2Side as unknown as typeof Http2ServerRequest,
        Http2ServerResponse: Http2Reply as unknown as typeof Http2ServerResponse,
    });
    const events: NodeJS.EventEmitter = server;
    // Read by node:http's connection handling, which serves HTTP/1.1 here; `http1Options` does not take it.
    Object.assign(server, { shouldUpgradeCallback: isWebSocketUpgrade });
    server.on("secureConnection", (socket: TLSSocket) => {
        socket.setNoDelay(true);
        // A WebSocket's two directions end one by one; HTTP takes a client that has ended its side for gone. Not before the
        // handshake is done: a client that leaves in its middle would stay for as long as handshakes may take.
        socket.allowHalfOpen = socket.alpnProtocol !== "h2";
        socket.on("error", () => socket.destroy());
    });
    server.on("session", (session) => {
        session.on("error", () => session.destroy());
        session.setLocalWindowSize(CLIENT_SESSION_WINDOW_BYTES);
        const silence = new Silence(session);
        silence.limit(timeouts.clientIdle, () => session.close());
        session.on("stream", () => silence.broken());
    });
    events.on("request", (request: AnyRequest, response: ServerResponse) =>
        onExchange(new ClientExchange(sideOf(request, response), { location })),
    );
    events.on("checkContinue", (request: AnyRequest, response: ServerResponse) =>
        onExchange(new ClientExchange(sideOf(request, response), { location, expectsContinue: true })),
    );
    events.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        const side = new Http1Side(request, responseOnSocket(request, socket));
        onExchange(new ClientExchange(side, { location, upgrade: { socket, head } }));
    });
    events.on("connect", (request: AnyRequest, second: Duplex) => {
        if (!(request instanceof Http2Side)) {
            const side = new Http1Side(request, responseOnSocket(request, second));
            options.onForwardProxy(new ClientExchange(side, { location }));
        } else if (request.headers[":protocol"] === "websocket") {
            onExchange(new ClientExchange(request, { location, upgrade: "extended-connect" }));
        } else {
            options.onForwardProxy(new ClientExchange(request, { location }));
        }
    });
    return openListener(server, address);
}

/** What node's server hands over as the request, by the version of HTTP that was agreed on. */
type AnyRequest = IncomingMessage | Http2Side;

function sideOf(request: AnyRequest, response: ServerResponse): ClientSide {
    return request instanceof Http2Side ? request : new Http1Side(request, response);
}

/** Other protocols (`h2c`) are not upgraded to: the request is answered as if it had not asked. */
function isWebSocketUpgrade({ headers }: IncomingMessage): boolean {
    return headers.upgrade?.toLowerCase() === "websocket";
}

/** A response on a socket that node:http has let go of. It is the last one there. */
function responseOnSocket(request: IncomingMessage, socket: Duplex): ServerResponse {
    socket.on("error", () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once("finish", () => (socket as Socket).destroySoon());
    return response;
}
