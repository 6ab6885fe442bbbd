import { connect, isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** Replies of a SOCKS5 server to a request (RFC 1928, section 6), as far as they are said here. */
export const SocksReply = { Granted: 0, NotAllowed: 2, HostUnreachable: 4 } as const;
export type SocksReply = (typeof SocksReply)[keyof typeof SocksReply];

const REPLIES: Readonly<Record<number, string>> = {
    1: "it failed there",
    2: "the connector's rules do not allow it",
    3: "its network is not reached",
    4: "its host is not reached",
    5: "nothing listens there",
    6: "no answer came in time",
};

/** The choice of no login has two bytes; the reply begins with its version, and tells in its second byte what came of it. */
const REPLY_AT = 3;
const REPLY_BYTES = REPLY_AT + 1;

/** What came of asking for a connection; "ended" where the other side closed without a word. */
export type SocksAnswer = "granted" | "ended" | { readonly refused: string };

/** What refuses a client that was not answered so far: the choice of no login, then the reply to whatever it asks for. */
export function refusal(reply: SocksReply): Buffer {
    return Buffer.from([5, 0, 5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
}

/**
 * Asks a SOCKS5 server on loopback for a connection, and closes it at once.
 *
 * @throws once the signal aborts
 */
export async function askSocks(port: number, target: URL, signal: AbortSignal): Promise<SocksAnswer> {
    const socket = connect({ host: "127.0.0.1", port, signal });
    try {
        const bytes = socket[Symbol.asyncIterator]();
        socket.write(Buffer.concat([Buffer.from([5, 1, 0]), request(target)]));
        let received = Buffer.of();
        while (received.length < REPLY_BYTES) {
            const { value, done } = await bytes.next();
            if (done) {
                return "ended";
            }
            received = Buffer.concat([received, value]);
        }
        const reply = received[REPLY_AT] ?? 1;
        return reply === SocksReply.Granted ? "granted" : { refused: REPLIES[reply] ?? `reply ${reply}` };
    } catch {
        signal.throwIfAborted();
        return "ended"; // it was reset
    } finally {
        socket.destroy();
    }
}

function request({ hostname, port }: URL): Buffer {
    const host = hostname.replaceAll(/^\[|\]$/g, "");
    const address =
        isIP(host) === 0
            ? [3, Buffer.byteLength(host), ...Buffer.from(host)]
            : [isIP(host) === 4 ? 1 : 4, ...ipaddr.parse(host).toByteArray()];
    const number = Number(port || 443);
    return Buffer.from([5, 1, 0, ...address, number >> 8, number & 255]);
}
