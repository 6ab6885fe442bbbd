import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { ToolError } from "./errors.ts";
import type { Progress } from "./progress.ts";

/**
 * A lock whose holder has given no sign of life for so long is free: ten seconds in milliseconds. The holder touches it every
 * two; the rest is for a machine whose cores are all busy compiling.
 */
const STALE_AFTER_MS = 10_000;
const TOUCH_EVERY_MS = 2_000;

/** The same for a holder that is known to be dead: the least that proper-lockfile takes, in milliseconds. A successor's lock is younger. */
const DEAD_AFTER_MS = 2_000;

/** A waiting process looks this often, in milliseconds. */
const LOOK_EVERY_MS = 200;

interface Holder {
    readonly pid: number;
    readonly host: string;
    readonly since: string;
}

/**
 * Runs `body` while no other process on this file system runs one under the same lock. Waits for as long as the other one
 * lives, and says who it is.
 *
 * @param path file beside which the lock is put; its folder exists
 * @param what is being done under the lock, for the one who waits: `installing traefik 3.6.15`
 * @param body gets a signal that is given when the lock is lost, which happens to a process that was suspended for long
 * @throws ToolError when the lock was lost, whatever `body` came to
 */
export async function underLock<T>(
    path: string,
    what: string,
    progress: Progress,
    body: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
    const lost = new AbortController();
    const release = await acquire(path, what, progress, () => lost.abort());
    try {
        await writeFile(holderOf(path), JSON.stringify({ pid: process.pid, host: hostname(), since: now() }));
        const result = await body(lost.signal);
        if (!lost.signal.aborted) return result;
    } catch (error) {
        if (!lost.signal.aborted) throw error;
    } finally {
        if (!lost.signal.aborted) {
            await rm(holderOf(path), { force: true });
            await release();
        }
    }
    throw new ToolError(
        `This process stood still for more than ${STALE_AFTER_MS / 1000} s while ${what}, and another one may have taken over`,
        "Run the command again.",
    );
}

async function acquire(path: string, what: string, progress: Progress, onLost: () => void) {
    const options = { update: TOUCH_EVERY_MS, realpath: false, onCompromised: onLost };
    for (;;) {
        const holder = await readHolder(path);
        try {
            return await lock(path, { ...options, stale: holder && isDead(holder) ? DEAD_AFTER_MS : STALE_AFTER_MS });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
        }
        progress.detail(`${describe(holder)} is ${what}, waiting for it`);
        await wait(LOOK_EVERY_MS);
    }
}

/** Undefined while the holder is about to write its name, or to leave. */
async function readHolder(path: string): Promise<Holder | undefined> {
    try {
        return JSON.parse(await readFile(holderOf(path), "utf8")) as Holder;
    } catch {
        return undefined;
    }
}

function isDead({ pid, host }: Holder): boolean {
    if (host !== hostname()) return false;
    try {
        process.kill(pid, 0);
        return false;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "ESRCH";
    }
}

function describe(holder: Holder | undefined): string {
    if (!holder) return "another process";
    const { pid, host, since } = holder;
    return `process ${pid}${host === hostname() ? "" : ` on ${host}`} (since ${since})`;
}

const holderOf = (path: string) => `${path}.holder`;
const now = () => new Date().toTimeString().slice(0, 8);
