import type { BackOffOptions } from "./backOff.ts";
import type { Exposures, KnownExposure, Refused, Verdict, WantedExposure } from "./exposures.ts";
import type { WatchEvent } from "./report.ts";
import { type Task, TaskQueue } from "./taskQueue.ts";

/** Waits after a failed update of an exposure: a second to five minutes. */
const RETRY: BackOffOptions = { firstMs: 1_000, limitMs: 300_000 };

/** How long updates under way may take to end by themselves, in milliseconds: Docker kills a service 10 seconds after it asked it to stop. */
const CLOSE_GRACE_MS = 4_000;

export interface WatcherOptions {
    readonly exposures: Exposures;
    /** How many exposures are changed at once. */
    readonly parallel: number;
    readonly report: (event: WatchEvent) => void;
    readonly retry?: BackOffOptions;
    /** Least wait in milliseconds that a failure itself asks for; none where omitted. */
    readonly waitAskedFor?: (error: unknown) => number | undefined;
}

/** How far the exposures are. */
export interface WatcherState {
    readonly exposed: number;
    readonly refused: number;
    /** Exposures whose last change a policy forbids. */
    readonly violated: number;
    /** Exposures whose last change failed and is tried again. */
    readonly failing: number;
    readonly waiting: number;
    readonly running: number;
}

/** What is known of an exposure, and whether the policy pack refused the last change of it. */
interface Known extends KnownExposure {
    readonly isViolated?: boolean;
}

/**
 * Brings exposures to what the labels of a Swarm ask for, one small stack each.
 *
 * It compares what is with what is to be, whatever happened in between: what nobody asks for any more goes first, an exposure that is as it
 * should be is not touched, and of several changes to one exposure the newest counts.
 */
export class Watcher {
    readonly #options: WatcherOptions;
    readonly #queue: TaskQueue;
    readonly #known = new Map<string, Known>();
    /** What was queued for each exposure last, so that looking again does not queue the same again. */
    readonly #wanted = new Map<string, string>();
    #refused = new Map<string, string>();

    private constructor(options: WatcherOptions, known: readonly KnownExposure[]) {
        this.#options = options;
        for (const one of known) this.#known.set(one.name, one);
        this.#queue = new TaskQueue({
            parallel: options.parallel,
            backOff: options.retry ?? RETRY,
            waitAskedFor: options.waitAskedFor,
            onFailure: (exposure, error, againInMs) =>
                options.report({ event: "failed", exposure, reason: reasonOf(error), againInMs }),
        });
    }

    /** Starts from what exists. Nothing is changed before {@link reconcile}. */
    static async start(options: WatcherOptions): Promise<Watcher> {
        return new Watcher(options, await options.exposures.list());
    }

    get state(): WatcherState {
        const known = [...this.#known.values()];
        return {
            exposed: known.filter(({ digest }) => digest !== undefined).length,
            refused: this.#refused.size,
            violated: known.filter(({ isViolated }) => isViolated).length,
            failing: this.#queue.failing,
            waiting: this.#queue.waiting,
            running: this.#queue.running,
        };
    }

    /**
     * Looks at the labels and queues what follows from them.
     *
     * @returns what the labels come to.
     * @throws when the services cannot be listed; nothing is queued then.
     */
    async reconcile(): Promise<Verdict> {
        const verdict = await this.#options.exposures.wanted(this.#held());
        this.#tellRefused(verdict.refused);
        const wanted = new Map(verdict.wanted.map((exposure) => [exposure.name, exposure]));
        // What is not wanted any more may hold a host name that somebody else is to have.
        for (const name of this.#known.keys()) {
            if (!wanted.has(name)) this.#want(name, REMOVED, (signal) => this.#remove(name, signal));
        }
        // Of what was asked for and never begun there is nothing to remove.
        for (const name of this.#wanted.keys()) {
            if (!wanted.has(name) && !this.#known.has(name)) {
                this.#wanted.delete(name);
                this.#queue.drop(name);
            }
        }
        for (const [name, exposure] of wanted) {
            const { digest } = exposure;
            const known = this.#known.get(name);
            if (known?.digest === digest) {
                this.#leave(known, digest);
            } else {
                this.#want(name, digest, (signal) => this.#up(exposure, signal));
            }
        }
        return verdict;
    }

    /** Resolves when nothing is under way and nothing waits for its turn. */
    idle(): Promise<void> {
        return this.#queue.idle();
    }

    /** Begins nothing more, and resolves when what is under way has ended: by itself, or cancelled in order after the grace. */
    async close(graceMs = CLOSE_GRACE_MS): Promise<void> {
        this.#options.report({ event: "stopping", running: this.#queue.running });
        await this.#queue.close(graceMs);
    }

    #held(): Map<string, string> {
        return new Map(
            [...this.#known.values()].flatMap(({ hostnames, serviceId }) =>
                hostnames.map((hostname) => [hostname, serviceId] as const),
            ),
        );
    }

    #want(name: string, what: string, run: Task["run"]): void {
        if (this.#wanted.get(name) === what) return;
        this.#wanted.set(name, what);
        this.#queue.put({ key: name, isUrgent: what === REMOVED, run });
    }

    /** It is as it should be: what still waits for it would undo that. */
    #leave(known: Known, digest: string): void {
        if (known.isViolated) this.#known.set(known.name, { ...known, isViolated: false });
        if (this.#wanted.get(known.name) !== digest) {
            this.#wanted.set(known.name, digest);
            this.#queue.drop(known.name);
        }
    }

    async #up(exposure: WantedExposure, signal: AbortSignal): Promise<void> {
        const { report } = this.#options;
        const { name, serviceId, hostnames, digest } = exposure;
        const before = this.#known.get(name);
        const started = performance.now();
        // While it is being changed it may have the names of both, and is known to be neither.
        const both = [...new Set([...(before?.hostnames ?? []), ...hostnames])];
        this.#known.set(name, { name, serviceId, hostnames: both });
        const { violations } = await exposure.up(signal);
        if (violations.some(({ level }) => level === "mandatory")) {
            // Nothing was changed.
            this.#known.set(name, { name, serviceId, hostnames: [], ...before, isViolated: true });
            report({ event: "violated", exposure: name, violations });
            return;
        }
        this.#known.set(name, { name, serviceId, hostnames, digest });
        report({ event: "exposed", exposure: name, hostnames, seconds: secondsSince(started) });
    }

    async #remove(name: string, signal: AbortSignal): Promise<void> {
        const started = performance.now();
        await this.#options.exposures.remove(name, signal);
        this.#known.delete(name);
        if (this.#wanted.get(name) === REMOVED) this.#wanted.delete(name);
        this.#options.report({ event: "removed", exposure: name, seconds: secondsSince(started) });
    }

    /** A service is told of once, and again when something else is wrong with it. */
    #tellRefused(refused: readonly Refused[]): void {
        const before = this.#refused;
        this.#refused = new Map(refused.map(({ service, problems }) => [service, JSON.stringify(problems)]));
        for (const { service, problems } of refused) {
            if (before.get(service) !== this.#refused.get(service)) {
                this.#options.report({ event: "refused", service, problems });
            }
        }
    }
}

/** Stands in the place of a digest: nothing is to be there. */
const REMOVED = "";

function secondsSince(started: number): number {
    return (performance.now() - started) / 1000;
}

function reasonOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
