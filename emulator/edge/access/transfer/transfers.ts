import { EventEmitter, once } from "node:events";
import { type Sealed, seal } from "./sealedBox.ts";

interface Kept extends Sealed {
    readonly expires: number;
}

const lifetimeMs = 600_000;
const maximumKept = 1000;

/**
 * What a browser has handed over to the command line that waits for it. Each message is under the key of the one who waits, is
 * sealed for that key, is given out once, and is forgotten after ten minutes.
 */
export class Transfers {
    readonly #clock: () => Date;
    readonly #kept = new Map<string, Kept>();
    readonly #arrivals = new EventEmitter().setMaxListeners(0);

    constructor(clock: () => Date) {
        this.#clock = clock;
    }

    /** @param recipient a public key that `publicKeyPattern` matches. */
    put(recipient: string, message: string): void {
        const now = this.#clock().getTime();
        for (const [key, { expires }] of this.#kept) {
            if (expires > now && this.#kept.size < maximumKept) {
                break;
            }
            this.#kept.delete(key);
        }
        this.#kept.set(recipient, { ...seal(message, recipient), expires: now + lifetimeMs });
        this.#arrivals.emit(recipient);
    }

    /** The message for a key, waited for until the signal is given; undefined when there is none by then. */
    async take(recipient: string, signal: AbortSignal): Promise<Sealed | undefined> {
        if (!this.#kept.has(recipient)) {
            await once(this.#arrivals, recipient, { signal }).catch(() => undefined);
        }
        const kept = this.#kept.get(recipient);
        if (signal.aborted || kept === undefined) {
            return undefined;
        }
        this.#kept.delete(recipient);
        return kept.expires > this.#clock().getTime() ? kept : undefined;
    }
}
