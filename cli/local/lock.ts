import { lock } from "proper-lockfile";
import { CommandError, Exit } from "../exit.ts";
import { isAlive } from "./emulatorProcess.ts";
import { localFiles, makeLocalRoot, readIfThere, remove, writePrivate } from "./files.ts";

/** A process that died is noticed after this long; a living one renews its lock in time. */
const STALE_MS = 10_000;

/**
 * Keeps other commands from changing the local environment meanwhile.
 *
 * @throws CommandError that names the process which holds it.
 */
export async function holdLocalLock(): Promise<AsyncDisposable> {
    makeLocalRoot();
    const holder = readIfThere(localFiles.lock)?.trim();
    if (holder !== undefined && !isAlive(Number(holder))) {
        remove(`${localFiles.lock}.d`); // its holder was ended before it could release it
    }
    let release: () => Promise<void>;
    try {
        release = await lock(localFiles.root, {
            lockfilePath: `${localFiles.lock}.d`,
            stale: STALE_MS,
            realpath: false,
        });
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ELOCKED") {
            throw error;
        }
        throw new CommandError(
            Exit.failed,
            `the local environment is being changed by process ${holder ?? "unknown"}`,
            "wait until that command ends, or end it",
            { cause: error },
        );
    }
    writePrivate(localFiles.lock, `${process.pid}\n`);
    return { [Symbol.asyncDispose]: release };
}
