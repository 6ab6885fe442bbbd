import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { isIPv6 } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** A question is at least as long as any answer, so that nobody is answered with more than they sent. */
export const LEAST_QUESTION = 256;
/** What IPv6 and UDP put before a question, in bytes (RFC 8200, RFC 768). */
export const HEADERS = { ipv6: 48, ipv4: 28 } as const;
/** A datagram may be lost without anything being wrong, so each question is sent as often as this, and the last one is waited for as long. */
const SENDS = 3;
const ANSWER_WITHIN_MS = 500;

/** Asks a reflector how it sees whoever asks. */
export interface Question {
    readonly id: string;
    /** Whether the reflector is to answer from its other port as well, which the asker has not spoken to. */
    readonly unbidden?: boolean;
}

/** How a reflector sees whoever asked. */
export interface Reflection {
    readonly id: string;
    readonly address: string;
    readonly port: number;
    /** Its clock, in milliseconds since 1970. */
    readonly now: number;
    /** Whether it comes from the port that was not asked. */
    readonly unbidden?: boolean;
}

/** A reflection, and the two moments between which it was made, by this machine's clock. */
export interface Seen extends Reflection {
    readonly askedAt: number;
    readonly answeredAt: number;
}

export interface Target {
    readonly address: string;
    readonly port: number;
}

/** A UDP socket that asks reflectors. */
export class Asker implements AsyncDisposable {
    readonly #socket: Socket;
    readonly #waiting = new Map<string, (reflection: Reflection) => void>();

    /** @param port own port; any if omitted. Rejects with `EADDRINUSE` where somebody has it. */
    static async open(family: "ipv4" | "ipv6", port = 0): Promise<Asker> {
        const socket = createSocket({ type: family === "ipv6" ? "udp6" : "udp4", ipv6Only: family === "ipv6" });
        socket.bind(port);
        await once(socket, "listening");
        return new Asker(socket);
    }

    private constructor(socket: Socket) {
        this.#socket = socket;
        // Where nobody listens, an answer of ICMP comes as an error; no answer says the same.
        socket.on("error", () => {});
        socket.on("message", (message) => {
            const reflection = readReflection(message);
            if (reflection !== undefined) this.#waiting.get(keyOf(reflection))?.(reflection);
        });
    }

    /** Asks; undefined where no answer comes in time. */
    async ask(target: Target): Promise<Seen | undefined> {
        const askedAt = Date.now();
        const reflection = await this.#exchange({ id: newId() }, target);
        return reflection && { ...reflection, askedAt, answeredAt: Date.now() };
    }

    /** Whether a question of so many bytes is answered. It is sent once: a second one might go in pieces, by what the first one has taught the kernel. */
    async carries(target: Target, length: number): Promise<boolean> {
        return (await this.#exchange({ id: newId() }, target, { length, sends: 1 })) !== undefined;
    }

    /** Whether a packet arrives that comes from where none was sent to. */
    async isReached(target: Target): Promise<boolean> {
        return (await this.#exchange({ id: newId(), unbidden: true }, target)) !== undefined;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        this.#socket.close();
        await once(this.#socket, "close");
    }

    #send(question: Question, { port, address }: Target, length: number): void {
        // A packet that cannot be sent is one that is not answered.
        this.#socket.send(JSON.stringify(question).padEnd(length), port, address, () => {});
    }

    async #exchange(
        question: Question,
        target: Target,
        { length = LEAST_QUESTION, sends = SENDS } = {},
    ): Promise<Reflection | undefined> {
        const key = keyOf(question);
        const answer = Promise.withResolvers<Reflection>();
        this.#waiting.set(key, answer.resolve);
        try {
            for (let sent = 0; sent < sends; sent++) {
                this.#send(question, target, length);
                const reflection = await Promise.race([answer.promise, delay(ANSWER_WITHIN_MS)]);
                if (reflection !== undefined) return reflection;
            }
            return undefined;
        } finally {
            this.#waiting.delete(key);
        }
    }
}

/** The question in a datagram, if it is one. */
export function readQuestion(message: Buffer): Question | undefined {
    if (message.length < LEAST_QUESTION) return undefined;
    const { id, unbidden } = readObject(message);
    return typeof id === "string" && /^[0-9a-f]{16}$/.test(id) ? { id, unbidden: unbidden === true } : undefined;
}

function readReflection(message: Buffer): Reflection | undefined {
    const { id, address, port, now, unbidden } = readObject(message);
    const isOne =
        typeof id === "string" && typeof address === "string" && typeof port === "number" && typeof now === "number";
    return isOne ? { id, address, port, now, unbidden: unbidden === true } : undefined;
}

const newId = () => randomBytes(8).toString("hex");

const keyOf = ({ id, unbidden = false }: Question) => `${id} ${unbidden}`;

function readObject(message: Buffer): Record<string, unknown> {
    try {
        const value: unknown = JSON.parse(message.toString("utf8"));
        return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
        return {}; // whoever sends something else is not spoken to
    }
}

export const familyOf = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
