import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { BlockList } from "node:net";
import { familyOf, readQuestion } from "./reflection.ts";

export interface ReflectorOptions {
    /** Address of this machine at which it listens. */
    readonly address: string;
    /** Its first port; the second is the next one. */
    readonly port: number;
    /** Who is answered: addresses or ranges in CIDR form. Whoever else asks hears nothing. */
    readonly from: readonly string[];
    /** Its clock, in milliseconds since 1970. */
    readonly now?: () => number;
}

/** Tells others how they are seen from here, on two ports, until it is disposed of. */
export interface Reflector extends AsyncDisposable {
    readonly ports: readonly [number, number];
}

/**
 * Starts a reflector: what STUN (RFC 8489) is among strangers, for a federation's own nodes. It answers with the asker's address and port, and with its clock; what it sends is
 * never longer than what it was sent, and goes to the asker's address only.
 *
 * @throws Error where a port is taken (`EADDRINUSE`) or the address is not this machine's (`EADDRNOTAVAIL`).
 */
export async function startReflector({ address, port, from, now = Date.now }: ReflectorOptions): Promise<Reflector> {
    const admitted = new BlockList();
    for (const range of from) {
        const [network = "", prefix] = range.split("/");
        const family = familyOf(network);
        admitted.addSubnet(network, prefix === undefined ? (family === "ipv6" ? 128 : 32) : Number(prefix), family);
    }
    await using undo = new AsyncDisposableStack();
    const sockets: Socket[] = [];
    for (const one of [port, port + 1]) {
        const socket = createSocket(familyOf(address) === "ipv6" ? "udp6" : "udp4");
        undo.defer(() => closed(socket));
        socket.bind(one, address);
        await once(socket, "listening");
        sockets.push(socket);
    }
    const [first, second] = sockets as [Socket, Socket];
    for (const [socket, other] of [
        [first, second],
        [second, first],
    ] as const) {
        socket.on("error", () => {}); // an asker that is gone is no concern
        socket.on("message", (message, asker) => {
            if (!admitted.check(asker.address, familyOf(asker.address))) return;
            const question = readQuestion(message);
            if (question === undefined) return;
            const reflection = { id: question.id, address: asker.address, port: asker.port, now: now() };
            socket.send(JSON.stringify(reflection), asker.port, asker.address);
            if (!question.unbidden) return;
            other.send(JSON.stringify({ ...reflection, unbidden: true }), asker.port, asker.address);
        });
    }
    const kept = undo.move();
    return { ports: [port, port + 1], [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function closed(socket: Socket): Promise<void> {
    socket.close();
    await once(socket, "close");
}
