import { BackOff, type BackOffOptions } from "./backOff.ts";

/** Something to do about one exposure. */
export interface Task {
    /** Exposure that it is about. Two tasks of one exposure never run at once. */
    readonly key: string;
    /** Waits for no other exposure, and ends what runs for its own. */
    readonly isUrgent: boolean;
    /** Does it, and winds up early where the signal is given. A failure is told to the queue's owner, and the task is run again later. */
    readonly run: (signal: AbortSignal) => Promise<void>;
}

export interface TaskQueueOptions {
    /** How many tasks run at once, at least 1; as many urgent ones run beside them. */
    readonly parallel: number;
    readonly backOff: BackOffOptions;
    /** Hears of a failure, and after how many milliseconds the task is run again. */
    readonly onFailure: (key: string, error: unknown, againInMs: number) => void;
    /** Least wait in milliseconds that the failure itself asks for; none where omitted. */
    readonly waitAskedFor?: (error: unknown) => number | undefined;
}

/**
 * One place an exposure: the newest task waits, what it replaces is forgotten, and what runs is never run twice at once.
 *
 * A task that fails is run again after a wait of its own exposure, so that it holds nobody else back. A newer task takes its place and is run at once:
 * what failed may have been what it changes.
 */
export class TaskQueue {
    readonly #options: TaskQueueOptions;
    /** By key, in the order in which they came. */
    readonly #waiting = new Map<string, Task>();
    readonly #running = new Map<string, Running>();
    readonly #resting = new Map<string, { readonly task: Task; readonly timer: NodeJS.Timeout }>();
    readonly #backOffs = new Map<string, BackOff>();
    #awaitingIdle = Promise.withResolvers<void>();
    #isClosed = false;

    constructor(options: TaskQueueOptions) {
        this.#options = options;
    }

    /** Tasks that wait for their turn or for another attempt. */
    get waiting(): number {
        return this.#waiting.size + this.#resting.size;
    }

    get running(): number {
        return this.#running.size;
    }

    /** Exposures whose last attempt failed. */
    get failing(): number {
        return this.#resting.size;
    }

    /** Takes a task in the place of what waits for the same exposure. */
    put(task: Task): void {
        if (this.#isClosed) return;
        this.drop(task.key);
        this.#waiting.set(task.key, task);
        if (task.isUrgent) this.#running.get(task.key)?.stop.abort();
        this.#next();
    }

    /** Forgets what waits for an exposure; what runs goes on. */
    drop(key: string): void {
        clearTimeout(this.#resting.get(key)?.timer);
        this.#resting.delete(key);
        this.#waiting.delete(key);
        this.#settle();
    }

    /** Resolves when nothing runs and nothing waits for its turn; what waits for another attempt does not count. */
    idle(): Promise<void> {
        const { promise } = this.#awaitingIdle;
        this.#settle();
        return promise;
    }

    /**
     * Takes nothing more, forgets what waits, and resolves when what runs has ended.
     *
     * @param graceMs milliseconds after which what still runs is asked to wind up.
     */
    async close(graceMs: number): Promise<void> {
        this.#isClosed = true;
        for (const key of [...this.#waiting.keys(), ...this.#resting.keys()]) this.drop(key);
        const running = [...this.#running.values()];
        const timer = setTimeout(() => {
            for (const { stop } of running) stop.abort();
        }, graceMs);
        await Promise.all(running.map(({ over }) => over));
        clearTimeout(timer);
    }

    #next(): void {
        for (const task of this.#waiting.values()) {
            const abreast = [...this.#running.values()].filter(({ isUrgent }) => isUrgent === task.isUrgent);
            if (this.#running.has(task.key) || abreast.length >= this.#options.parallel) continue;
            this.#waiting.delete(task.key);
            const stop = new AbortController();
            const over = Promise.withResolvers<void>();
            this.#running.set(task.key, { isUrgent: task.isUrgent, stop, over: over.promise });
            void this.#run(task, stop.signal).finally(over.resolve);
        }
        this.#settle();
    }

    async #run(task: Task, signal: AbortSignal): Promise<void> {
        try {
            await task.run(signal);
            this.#backOffs.delete(task.key);
        } catch (error) {
            this.#failed(task, error);
        }
        this.#running.delete(task.key);
        this.#next();
    }

    #failed(task: Task, error: unknown): void {
        const { backOff, onFailure, waitAskedFor } = this.#options;
        // What a newer task ended, or the queue's own end, is no failure of its own.
        if (this.#isClosed || this.#waiting.has(task.key)) return;
        const waits = this.#backOffs.get(task.key) ?? new BackOff(backOff);
        this.#backOffs.set(task.key, waits);
        const againInMs = waits.failed(waitAskedFor?.(error));
        onFailure(task.key, error, againInMs);
        const timer = setTimeout(() => {
            this.#resting.delete(task.key);
            this.put(task);
        }, againInMs);
        this.#resting.set(task.key, { task, timer });
    }

    #settle(): void {
        if (this.#running.size === 0 && this.#waiting.size === 0) {
            this.#awaitingIdle.resolve();
            this.#awaitingIdle = Promise.withResolvers();
        }
    }
}

interface Running {
    readonly isUrgent: boolean;
    readonly stop: AbortController;
    /** Resolves when it has ended, well or not. */
    readonly over: Promise<void>;
}
