import type { Http2Session, Http2Stream } from "node:http2";

/**
 * Calls back when a stream or session of HTTP/2 has been silent for too long. It does what their own `setTimeout` is for, which
 * node:http2 (24.21) does not stop when they are destroyed: the timer would keep the stream, and with it all that belongs to the
 * request, until it runs out.
 */
export class Silence {
    #timer: NodeJS.Timeout | undefined;
    #isOver = false;

    constructor(of: Http2Stream | Http2Session) {
        of.once("close", () => {
            this.#isOver = true;
            this.lift();
        });
    }

    /** From now on it may be silent for so many milliseconds at a time; takes the place of the limit before. */
    limit(milliseconds: number, onTooLong: () => void): void {
        this.lift();
        if (!this.#isOver) {
            this.#timer = setTimeout(onTooLong, milliseconds).unref();
        }
    }

    /** Something was heard. */
    broken(): void {
        this.#timer?.refresh();
    }

    /** It may be silent for ever. */
    lift(): void {
        clearTimeout(this.#timer);
        this.#timer = undefined;
    }
}
