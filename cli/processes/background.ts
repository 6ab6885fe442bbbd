import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { CommandError, Exit } from "../exit.ts";
import { readIfThere, remove, writePrivate } from "../local/files.ts";
import { identityOf } from "./identity.ts";

/**
 * In milliseconds: how long a process may take until it is ready after its start, until it answers when it is found running (it may have been started
 * just before), until it is gone once it was asked to end, and until it is gone once it was killed.
 */
const LIMITS = { startMs: 20_000, answerMs: 20_000, stopMs: 10_000, killMs: 5_000 };
const ASK_EVERY_MS = 50;
/** No process's identity: for one that was gone before it could be looked at. */
const ENDED = "ended";

/** How a background process is started. Nothing secret may stand here: everybody on the machine reads arguments. */
export interface Launch {
    readonly command: string;
    readonly args: readonly string[];
    /** Its whole environment; omitted, this process's own. */
    readonly env?: Readonly<Record<string, string>>;
    readonly cwd: string;
    /** Contents of the files that it reads when it starts: with other ones it is started anew. */
    readonly reads?: readonly string[];
}

export interface BackgroundOptions {
    /** For messages: `the emulator`. */
    readonly name: string;
    /** File that tells which process it is. */
    readonly record: string;
    /** File for what it prints, begun anew with each start. */
    readonly log: string;
    readonly limits?: Partial<typeof LIMITS>;
}

/** What is written down about a process, so that another command finds it again. */
interface Recorded {
    readonly pid: number;
    /** Tells it from a later process with the same id. */
    readonly identity: string;
    /** Digest of how it was started. */
    readonly launch: string;
}

/**
 * A process that goes on when the command that started it ends: started, watched and ended in one way.
 *
 * It is found again by its id together with its start time, so that a process which merely got the same id later is never taken for it, and
 * never killed.
 */
export class Background {
    readonly #name: string;
    readonly #record: string;
    readonly #log: string;
    readonly #limits: typeof LIMITS;

    constructor({ name, record, log, limits }: BackgroundOptions) {
        this.#name = name;
        this.#record = record;
        this.#log = log;
        this.#limits = { ...LIMITS, ...limits };
    }

    /** Its process id, if it runs. */
    get pid(): number | undefined {
        return this.#running()?.pid;
    }

    /**
     * Makes it run as `launch` says and waits until it is ready. One that runs so already is left alone; one that was started in another way,
     * or does not become ready, is ended first.
     *
     * @param ready asks it; undefined means "not yet".
     * @throws CommandError with its last words when it ends or is not ready in time; it does not run then.
     */
    async ensure<T>(launch: Launch, ready: () => Promise<T | undefined>): Promise<T> {
        const digest = digestOf(launch);
        const running = this.#running();
        if (running?.launch === digest) {
            const answer = await becomesReady(running, ready, this.#limits.answerMs);
            if (answer !== undefined) {
                return answer;
            }
        }
        await this.stop();
        const started = this.#start(launch, digest);
        const answer = await becomesReady(started, ready, this.#limits.startMs);
        if (answer !== undefined) {
            return answer;
        }
        const ended = identityOf(started.pid) !== started.identity;
        await this.stop();
        const what = ended ? "ended before it was ready" : `was not ready within ${this.#limits.startMs / 1000} s`;
        throw new CommandError(Exit.failed, `${this.#name} ${what}: ${this.#lastWords()}`, `read ${this.#log}`);
    }

    /** Ends it and waits until it is gone: it is asked to, and killed when it does not listen. */
    async stop(): Promise<void> {
        const running = this.#running();
        if (running !== undefined) {
            signal(running, "SIGTERM");
            if (!(await isGone(running, this.#limits.stopMs))) {
                signal(running, "SIGKILL");
                if (!(await isGone(running, this.#limits.killMs))) {
                    const fix = `end it with \`kill -9 ${running.pid}\` and try again`;
                    throw new CommandError(Exit.failed, `${this.#name} (process ${running.pid}) does not end`, fix);
                }
            }
        }
        remove(this.#record);
    }

    /** The line of its log that says what went wrong, else the last one. */
    #lastWords(): string {
        const lines = (readIfThere(this.#log) ?? "").trim().split("\n");
        const error = lines.find((line) => line.startsWith("error:"))?.slice("error:".length);
        return (error ?? lines.at(-1) ?? "").trim() || "it said nothing";
    }

    #running(): Recorded | undefined {
        const text = readIfThere(this.#record);
        if (text === undefined) {
            return undefined;
        }
        const recorded = JSON.parse(text) as Recorded;
        return identityOf(recorded.pid) === recorded.identity ? recorded : undefined;
    }

    #start({ command, args, env, cwd }: Launch, digest: string): Recorded {
        writePrivate(this.#log, "");
        const log = openSync(this.#log, "a");
        let child: ChildProcess;
        try {
            child = spawn(command, args, {
                detached: true,
                stdio: ["ignore", log, log],
                cwd,
                ...(env === undefined ? {} : { env }),
            });
        } finally {
            closeSync(log);
        }
        // A command that is not there has no id, and says so in an event; the same is thrown here.
        child.on("error", () => {});
        child.unref();
        if (child.pid === undefined) {
            throw new CommandError(Exit.failed, `${this.#name} cannot be started: ${command} cannot be run`);
        }
        const recorded = { pid: child.pid, identity: identityOf(child.pid) ?? ENDED, launch: digest };
        writePrivate(this.#record, `${JSON.stringify(recorded)}\n`);
        return recorded;
    }
}

async function becomesReady<T>(
    { pid, identity }: Recorded,
    ready: () => Promise<T | undefined>,
    withinMs: number,
): Promise<T | undefined> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline && identityOf(pid) === identity) {
        const answer = await ready();
        if (answer !== undefined) {
            return answer;
        }
        await delay(ASK_EVERY_MS);
    }
    return undefined;
}

function digestOf(launch: Launch): string {
    return createHash("sha256").update(JSON.stringify(launch)).digest("hex");
}

function signal({ pid, identity }: Recorded, name: NodeJS.Signals): void {
    if (identityOf(pid) !== identity) {
        return;
    }
    try {
        process.kill(pid, name);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
            throw error; // it ended in between
        }
    }
}

async function isGone({ pid, identity }: Recorded, withinMs: number): Promise<boolean> {
    const deadline = Date.now() + withinMs;
    while (identityOf(pid) === identity) {
        if (Date.now() > deadline) {
            return false;
        }
        await delay(ASK_EVERY_MS / 2);
    }
    return true;
}
