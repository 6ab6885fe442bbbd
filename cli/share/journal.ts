import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readIfThere, remove, writePrivate } from "../local/files.ts";
import { identityOf } from "../processes/identity.ts";
import { projectDir } from "../project.ts";

/** What this machine shares, or shared when it crashed. */
const root = join(projectDir, ".sallyport", "share");

const entry = z.object({
    title: z.string(),
    stack: z.string(),
    /** The command that makes and ends the share. */
    owner: z.object({ pid: z.int(), identity: z.string() }),
});

export type JournalEntry = z.output<typeof entry>;

/** Where a share keeps its tunnel's credentials. */
export const credentialsFile = (title: string): string => join(root, `${title}.credentials`);

/** The settings of every share's connector: none. */
export function connectorConfig(): string {
    const file = join(root, "connector.yaml");
    writePrivate(file, "no-autoupdate: true\n");
    return file;
}

const journalFile = (title: string): string => join(root, `${title}.json`);

/** Notes that a share is about to be made. Everything that it makes carries the title, so nothing else need be noted. */
export function noteShare(title: string, stack: string): void {
    const identity = identityOf(process.pid) ?? "unknown";
    writePrivate(journalFile(title), JSON.stringify({ title, stack, owner: { pid: process.pid, identity } }));
}

/** Strikes out a share of which nothing is left. */
export function forgetShare(title: string): void {
    remove(credentialsFile(title));
    remove(journalFile(title));
}

/** The shares of a stack whose command is gone without having ended them. */
export function abandonedShares(stack: string): JournalEntry[] {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    return readdirSync(root)
        .filter((file) => file.endsWith(".json"))
        .flatMap((file): JournalEntry[] => {
            const text = readIfThere(join(root, file));
            return text === undefined ? [] : [entry.parse(JSON.parse(text))];
        })
        .filter((share) => share.stack === stack && identityOf(share.owner.pid) !== share.owner.identity);
}
