import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { breakOff } from "../public/breakOff.ts";
import type { ConnectionBalancer, Lease } from "../public/connectionBalancer.ts";
import { letGo } from "../public/letGo.ts";
import { requestIfOpen } from "../transport/requestIfOpen.ts";
import type { TunnelConnection } from "../transport/tunnelConnection.ts";

/** On how many connections of a tunnel one is tried. Nothing was sent before the connector's answer, so another one may have it. */
const MAX_ATTEMPTS = 5;

/** What came of the attempt to reach a private destination. */
export type TcpOpening =
    | { readonly kind: "open"; readonly stream: ClientHttp2Stream; readonly lease: Lease }
    | { readonly kind: "no-connector" }
    /** The connector says that it cannot be reached, or says nothing in time; it never says why. */
    | { readonly kind: "unreachable"; readonly connection: TunnelConnection; readonly reason: string };

export interface TcpTarget {
    readonly tunnelId: string;
    /** `host:port` as the connector reads it. */
    readonly authority: string;
    /** `address:port` of the client. */
    readonly source: string;
}

/**
 * Has a connector of the tunnel connect to a destination. In the HTTP/2 transport a TCP connection is a request with a header of its own, answered
 * 200 once it stands (cloudflared's connection/http2.go, TypeTCP).
 *
 * @param answerWithinMs how long the connector may take.
 */
export async function openTcpStream(
    balancer: ConnectionBalancer,
    { tunnelId, authority, source }: TcpTarget,
    answerWithinMs: number,
): Promise<TcpOpening> {
    const tried: TunnelConnection[] = [];
    while (tried.length < MAX_ATTEMPTS) {
        const lease = balancer.lease(tunnelId, tried);
        if (lease === undefined) {
            break;
        }
        const { connection } = lease;
        tried.push(connection);
        const headers = { ":method": "GET", ":authority": authority, ":path": "/" };
        const stream = requestIfOpen(connection, headers, { tcpSource: source });
        const status = stream === undefined ? "lost" : await statusOf(stream, answerWithinMs);
        if (stream !== undefined && status === constants.HTTP_STATUS_OK) {
            return { kind: "open", stream, lease };
        }
        lease[Symbol.dispose]();
        if (stream !== undefined && status !== "lost") {
            breakOff(stream);
            const answer = status === "timed-out" ? "did not answer in time" : `answered ${status}`;
            return { kind: "unreachable", connection, reason: `the connector ${answer}` };
        }
    }
    return { kind: "no-connector" };
}

/**
 * Carries the bytes both ways until either side is done: a connector has no half-open connections. A break is passed on as a break, so that nobody
 * takes half for the whole.
 */
export async function carry(client: Socket, stream: ClientHttp2Stream): Promise<void> {
    const both = Promise.all([closed(client), closed(stream)]);
    client.once("close", () => breakOff(stream));
    // node:http2 ends a stream that broke, too: how it went is known once it is closed.
    stream.once("end", () => {
        client.unpipe(stream);
        stream.end();
    });
    stream.once("close", () => {
        if (stream.rstCode === constants.NGHTTP2_NO_ERROR) {
            client.destroySoon();
        } else {
            client.resetAndDestroy();
        }
    });
    if (client.destroyed) {
        breakOff(stream);
    }
    client.pipe(stream);
    stream.pipe(client, { end: false });
    await both;
    letGo(stream);
}

function statusOf(stream: ClientHttp2Stream, withinMs: number): Promise<number | "lost" | "timed-out"> {
    return new Promise((resolve) => {
        const timer = setTimeout(() => resolve("timed-out"), withinMs);
        stream.once("response", (headers: IncomingHttpHeaders & { ":status"?: number }) => {
            clearTimeout(timer);
            resolve(headers[":status"] ?? 0);
        });
        stream.once("close", () => {
            clearTimeout(timer);
            resolve("lost");
        });
    });
}

function closed(stream: Socket | ClientHttp2Stream): Promise<void> {
    return stream.destroyed ? Promise.resolve() : new Promise((resolve) => stream.once("close", () => resolve()));
}
