import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";

/**
 * Reads a file that is for its owner alone.
 *
 * @param holds what is in it, for the message: `private keys`.
 * @param refuse makes the error for a file that others can read.
 * @returns undefined when there is no such file.
 */
export async function readPrivateFile(
    path: string,
    holds: string,
    refuse: (problem: string) => Error,
): Promise<string | undefined> {
    try {
        const { mode } = await stat(path);
        if ((mode & 0o077) !== 0) {
            throw refuse(
                `${path}: ${holds} that others can read (mode ${(mode & 0o777).toString(8)}); ` +
                    `run "chmod 600 ${path}", or delete it if somebody may have copied it`,
            );
        }
        return await readFile(path, "utf8");
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return undefined;
        }
        throw error;
    }
}

/** Replaces a file's content, whole or not at all: a kill at any moment leaves the old content or the new. One process may write it. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
    const draft = `${path}.${process.pid}.tmp`;
    try {
        await writeFile(draft, content, { mode: 0o600 });
        await rename(draft, path);
    } finally {
        await rm(draft, { force: true });
    }
}
