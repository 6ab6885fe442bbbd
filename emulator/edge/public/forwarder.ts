import { randomBytes } from "node:crypto";
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import { requestIfOpen } from "../transport/requestIfOpen.ts";
import type { TunnelConnection } from "../transport/tunnelConnection.ts";
import { breakOff } from "./breakOff.ts";
import type { ClientExchange } from "./clientExchange.ts";
import type { ConnectionBalancer } from "./connectionBalancer.ts";
import { EdgePages } from "./edgePage.ts";
import { letGo } from "./letGo.ts";
import { MAX_ATTEMPTS, type PublicTimeouts, REPLAY_BYTES } from "./limits.ts";
import { relayResponse, relayWebSocket } from "./relay.ts";
import { RequestBody } from "./requestBody.ts";
import { trailersToOrigin } from "./requestHeaders.ts";
import { MalformedAnswerError, readConnectorAnswer } from "./responseHeaders.ts";
import { Silence } from "./silence.ts";

/** What goes to the connector besides the body. */
export interface ForwardedRequest {
    readonly tunnelId: string;
    readonly headers: OutgoingHttpHeaders;
    /** `Set-Cookie` values that the answer gets in addition. */
    readonly setCookies: readonly string[];
}

/** What came of one attempt, up to the answer's headers. */
type Attempt =
    | {
          readonly kind: "response";
          readonly headers: IncomingHttpHeaders;
          /** Those that have come so far. */
          readonly trailers: () => IncomingHttpHeaders;
          readonly stopBody: () => void;
      }
    /** The stream ended without an answer; untouched when the connector has not begun to handle the request. */
    | { readonly kind: "lost"; readonly untouched: boolean }
    | { readonly kind: "timed-out" }
    | { readonly kind: "client-gone" };

/** Methods that may be repeated without doing more than once would have done (RFC 9110, section 9.2.2). */
const IDEMPOTENT = new Set(["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]);

/** Carries requests to a tunnel's connectors, and answers back. */
export class Forwarder {
    readonly #balancer: ConnectionBalancer;
    readonly #timeouts: PublicTimeouts;

    constructor(balancer: ConnectionBalancer, timeouts: PublicTimeouts) {
        this.#balancer = balancer;
        this.#timeouts = timeouts;
    }

    /**
     * Answers the client: from the origin, or with a page that says why not. A connection that dies before the answer's headers
     * makes way for another, as long as the request may be repeated and its body is still there.
     *
     * @returns the connection that the answer came through, if any did.
     */
    async forward(exchange: ClientExchange, forwarded: ForwardedRequest): Promise<TunnelConnection | undefined> {
        const body = new RequestBody(exchange.client.body, exchange.client.hasNoBody, REPLAY_BYTES);
        const { headers } = forwarded;
        headers[":method"] = exchange.method;
        headers[":authority"] = exchange.hostname;
        headers[":path"] = exchange.target;
        if (exchange.isWebSocket) {
            headers["sec-websocket-key"] ??= newWebSocketKey();
        }
        const tried: TunnelConnection[] = [];
        while (tried.length < MAX_ATTEMPTS) {
            using lease = this.#balancer.lease(forwarded.tunnelId, tried);
            if (lease === undefined) {
                break;
            }
            const { connection } = lease;
            tried.push(connection);
            const stream = openStream(connection, exchange, headers, body);
            if (stream === undefined) {
                continue;
            }
            const silence = new Silence(stream);
            const attempt = await this.#send(stream, silence, exchange, body);
            if (attempt.kind === "response") {
                await this.#answer(stream, silence, attempt, exchange, forwarded.setCookies);
                return connection;
            }
            if (attempt.kind === "client-gone") {
                return connection;
            }
            if (attempt.kind === "timed-out") {
                exchange.sendPage(EdgePages.timedOut);
                return connection;
            }
            if (!body.canBeSentAgain || !(attempt.untouched || IDEMPOTENT.has(exchange.method))) {
                exchange.sendPage(EdgePages.connectionLost);
                return connection;
            }
        }
        exchange.sendPage(tried.length === 0 ? EdgePages.noConnector : EdgePages.connectionLost);
        return undefined;
    }

    async #send(stream: Stream, silence: Silence, exchange: ClientExchange, body: RequestBody): Promise<Attempt> {
        const attempt = Promise.withResolvers<Attempt>();
        const onClose = () =>
            attempt.resolve({ kind: "lost", untouched: stream.rstCode === constants.NGHTTP2_REFUSED_STREAM });
        void exchange.closed.then(() => attempt.resolve({ kind: "client-gone" }));
        stream.once("close", onClose);
        let stopBody = () => {};
        let received: IncomingHttpHeaders = {};
        stream.once("trailers", (trailers) => {
            received = trailers;
        });
        stream.once("response", (headers) =>
            attempt.resolve({ kind: "response", headers, trailers: () => received, stopBody: () => stopBody() }),
        );
        silence.limit(this.#timeouts.response, () => attempt.resolve({ kind: "timed-out" }));
        if (!exchange.isWebSocket) {
            exchange.sendContinue();
        }
        if (!exchange.isWebSocket && !body.isEmpty) {
            stopBody = body.sendTo(stream, () => silence.broken());
            stream.once("close", stopBody);
        }
        const outcome = await attempt.promise;
        if (outcome.kind !== "response") {
            stopBody();
            breakOff(stream);
        }
        return outcome;
    }

    async #answer(
        stream: Stream,
        silence: Silence,
        { headers: received, trailers, stopBody }: Extract<Attempt, { kind: "response" }>,
        exchange: ClientExchange,
        setCookies: readonly string[],
    ): Promise<void> {
        try {
            const answer = readConnectorAnswer(received);
            if (answer.isConnectorFailure) {
                breakOff(stream);
                exchange.sendPage(EdgePages.badGateway);
                return;
            }
            const headers = withCookies(answer.headers, setCookies);
            if (exchange.isWebSocket && answer.isWebSocket) {
                silence.lift();
                await relayWebSocket(exchange.acceptWebSocket(headers), stream);
                letGo(stream);
                return;
            }
            exchange.setHead(answer.status, headers);
            if (exchange.isWebSocket) {
                stream.end();
            }
            silence.limit(this.#timeouts.idle, () => breakOff(stream));
            stream.on("data", () => silence.broken());
            await relayResponse(stream, exchange, trailers, stopBody);
            letGo(stream);
        } catch (error) {
            if (!(error instanceof MalformedAnswerError) && !isHeaderError(error)) {
                throw error;
            }
            breakOff(stream);
            exchange.sendPage(EdgePages.unknownError);
        }
    }
}

type Stream = ClientHttp2Stream;

/** Opens the stream to the connector; undefined when the connection has just ended. */
function openStream(
    connection: TunnelConnection,
    exchange: ClientExchange,
    headers: OutgoingHttpHeaders,
    body: RequestBody,
): Stream | undefined {
    const { isWebSocket } = exchange;
    // cloudflared hands on those that are announced, and no others.
    const waitForTrailers = !isWebSocket && !body.isEmpty && exchange.headers.trailer !== undefined;
    const endStream = !isWebSocket && body.isEmpty;
    const stream = requestIfOpen(connection, headers, { isWebSocket, endStream, waitForTrailers });
    stream?.once("wantTrailers", () => stream.sendTrailers(trailersToOrigin(exchange.client.trailers)));
    return stream;
}

/** For an origin, which speaks HTTP/1.1, from a client that speaks HTTP/2 and so sends none (RFC 8441, section 5). */
function newWebSocketKey(): string {
    return randomBytes(16).toString("base64");
}

function withCookies(
    headers: Readonly<Record<string, string | readonly string[]>>,
    setCookies: readonly string[],
): Readonly<Record<string, string | readonly string[]>> {
    return setCookies.length === 0
        ? headers
        : { ...headers, "set-cookie": [...[headers["set-cookie"] ?? []].flat(), ...setCookies] };
}

/** node:http and node:http2 refuse a header of the origin's. */
function isHeaderError(error: unknown): boolean {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    return /^ERR_(HTTP_INVALID|HTTP2_(INVALID|HEADER|STATUS|PSEUDOHEADER|INFO)|INVALID_CHAR)/.test(code);
}
