import { setTimeout as delay } from "node:timers/promises";
import { CommandError, Exit } from "../../exit.ts";
import { identityOf } from "../../processes/identity.ts";
import type { Disk } from "./disk.ts";

/** How long another program's lock is waited for, and how often it is looked at: milliseconds. kubectl holds one for as long as it writes. */
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 25;

/** A process, told from a later one with the same id. */
export interface ProcessRef {
    readonly pid: number;
    readonly identity: string;
}

export function thisProcess(): ProcessRef {
    return { pid: process.pid, identity: identityOf(process.pid) ?? "unknown" };
}

export function isAlive({ pid, identity }: ProcessRef): boolean {
    return identityOf(pid) === identity;
}

export interface LockOptions {
    readonly disk: Disk;
    /** Who holds it. */
    readonly holder: ProcessRef;
    readonly waitMs?: number | undefined;
}

/**
 * Holds kubectl's lock on a kubeconfig: a file beside it, `<file>.lock`, that is not there while nobody writes (client-go,
 * `tools/clientcmd/loader.go`, lockFile). Ours says whose it is, so that the next run of ours removes the one of a process that was killed.
 *
 * @throws CommandError (exit 3) when somebody holds it for longer than a change takes
 */
export async function lockKubeconfig(
    file: string,
    { disk, holder, waitMs = WAIT_MS }: LockOptions,
): Promise<Disposable> {
    const path = `${file}.lock`;
    const deadline = performance.now() + waitMs;
    for (;;) {
        try {
            disk.create(path, JSON.stringify({ sallyport: holder }), 0o600);
            return { [Symbol.dispose]: () => disk.remove(path) };
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
                throw error;
            }
        }
        if (isLeftOver(disk.read(path))) {
            disk.remove(path);
        } else if (performance.now() > deadline) {
            const fix = `if no program is writing it, remove the lock: rm ${path}`;
            throw new CommandError(Exit.failed, `${file} is locked by another program, which has left ${path}`, fix);
        } else {
            await delay(LOOK_EVERY_MS);
        }
    }
}

function isLeftOver(content: Buffer | undefined): boolean {
    try {
        const { sallyport } = JSON.parse(String(content)) as { sallyport?: ProcessRef };
        return sallyport !== undefined && !isAlive(sallyport);
    } catch {
        return false; // kubectl's own is empty, and another one is half written
    }
}
