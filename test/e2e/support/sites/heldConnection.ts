import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { HeldReport, Target } from "./errands.ts";

/** A connection over which a numbered line goes again and again, with an account of the answers. */
export class HeldConnection {
    readonly #socket: Socket;
    readonly #waiting = new Set<() => void>();
    #answered = 0;
    #longestSilenceMs = 0;
    #lastAnswer = performance.now();
    #ended: string | undefined;

    /** @throws Error when nobody accepts the connection in time. */
    static async open(target: Target, everyMs: number, withinMs: number): Promise<HeldConnection> {
        const socket = connect(target);
        await once(socket, "connect", { signal: AbortSignal.timeout(withinMs) });
        return new HeldConnection(socket, everyMs);
    }

    private constructor(socket: Socket, everyMs: number) {
        this.#socket = socket.setNoDelay(true);
        let sent = 0;
        const timer = setInterval(() => socket.write(`${++sent}\n`), everyMs);
        const ended = (how: string) => {
            clearInterval(timer);
            this.#ended ??= how;
            this.#tell();
        };
        socket.once("error", ({ message, ...error }: NodeJS.ErrnoException) => ended(error.code ?? message));
        socket.once("close", () => ended("closed"));
        createInterface({ input: socket })
            .on("error", () => {}) // the socket tells it as well
            .on("line", () => this.#hear());
    }

    /** Once so many more answers have come, or it has ended. */
    async afterMore(more: number): Promise<HeldReport> {
        const goal = this.#answered + more;
        await this.#until(() => this.#answered >= goal || this.#ended !== undefined);
        return this.#report();
    }

    /** Once it has ended: by itself, or now by us. */
    async end(byUs: boolean): Promise<HeldReport> {
        if (byUs) this.#socket.destroy();
        await this.#until(() => this.#ended !== undefined);
        return this.#report();
    }

    #hear(): void {
        const now = performance.now();
        this.#longestSilenceMs = Math.max(this.#longestSilenceMs, now - this.#lastAnswer);
        this.#lastAnswer = now;
        this.#answered++;
        this.#tell();
    }

    #tell(): void {
        for (const check of this.#waiting) check();
    }

    #until(condition: () => boolean): Promise<void> {
        return new Promise((resolve) => {
            const check = () => {
                if (!condition()) return;
                this.#waiting.delete(check);
                resolve();
            };
            this.#waiting.add(check);
            check();
        });
    }

    #report(): HeldReport {
        return {
            answered: this.#answered,
            longestSilenceMs: Math.round(this.#longestSilenceMs),
            ...(this.#ended === undefined ? {} : { ended: this.#ended }),
        };
    }
}
