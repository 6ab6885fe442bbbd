/** Of what nobody has needed for so long one is kept and no more: a minute in milliseconds. */
const SPARE_FOR_MS = 60_000;

/** Something that serves one after the other. */
export interface Kept {
    /** False once it can serve nobody any more. */
    readonly isUsable: boolean;
    end(): void;
}

/**
 * Keeps what is costly to start for the next one who needs it. Each is in one hand at a time, so there are as many as are needed at once, and one of a
 * kind when it has been quiet for a while.
 */
export class Pool<T extends Kept> {
    readonly #start: (key: string) => T;
    readonly #idle = new Map<string, T[]>();
    readonly #taken = new Set<T>();
    #sparing: NodeJS.Timeout | undefined;

    /** @param start starts one of the kind that the key names. */
    constructor(start: (key: string) => T) {
        this.#start = start;
    }

    /** Does something with one of the kind that `key` names. What can serve nobody afterwards is ended instead of kept. */
    async use<R>(key: string, work: (member: T) => Promise<R>): Promise<R> {
        const idle = this.#idle.get(key) ?? [];
        this.#idle.set(key, idle);
        let member = idle.pop();
        // It may have ended while nobody looked.
        while (member !== undefined && !member.isUsable) member = idle.pop();
        member ??= this.#start(key);
        this.#taken.add(member);
        try {
            return await work(member);
        } finally {
            this.#taken.delete(member);
            if (member.isUsable) idle.push(member);
            else member.end();
            this.#sparing?.refresh();
            this.#sparing ??= setTimeout(() => this.#spare(), SPARE_FOR_MS).unref();
        }
    }

    #spare(): void {
        for (const idle of this.#idle.values()) {
            for (const member of idle.splice(1)) member.end();
        }
    }

    /** Ends all of them, whoever has them. */
    end(): void {
        clearTimeout(this.#sparing);
        for (const member of [...this.#taken, ...[...this.#idle.values()].flat()]) member.end();
        this.#idle.clear();
    }
}
