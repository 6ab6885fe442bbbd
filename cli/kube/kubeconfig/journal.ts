import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { CommandError, Exit } from "../../exit.ts";
import type { Disk } from "./disk.ts";
import type { OwnEntries } from "./entries.ts";

const entry = z.object({
    /** The process that holds the cluster's tunnel open. Once it is gone, its entries lead nowhere. */
    owner: z.object({ pid: z.int(), identity: z.string() }),
    entries: z.custom<OwnEntries>((value) => typeof value === "object" && value !== null),
});

const edits = z.array(z.object({ at: z.int(), removed: z.string(), inserted: z.string() }));

const journal = z.object({
    version: z.literal(1),
    /** As it was named: what kubectl locks. */
    file: z.string(),
    /** Whether there was a file before. */
    existed: z.boolean(),
    without: z.string(),
    written: z.array(z.object({ digest: z.string(), edits })),
    previous: z.string().optional(),
    entries: z.array(entry),
    /** Names of entries that an interrupted change may have left in the file. */
    leaving: z.array(z.string()),
});

/**
 * What was added to one kubeconfig: all that is needed to take it out again, and nothing of what else stands there but the name of its current context. It is
 * written before the file is.
 */
export type Journal = z.output<typeof journal>;
export type JournalEntry = z.output<typeof entry>;

/** Names of everything of ours that may stand in the file. */
export function namesIn({ entries, leaving }: Journal): string[] {
    return [...new Set([...entries.map(({ entries: own }) => own.name), ...leaving])];
}

/** The journals in a folder of ours, one for each kubeconfig that holds something of ours. */
export class Journals {
    readonly #folder: string;
    readonly #disk: Disk;

    constructor(folder: string, disk: Disk) {
        this.#folder = folder;
        this.#disk = disk;
    }

    all(): Journal[] {
        const files = this.#disk.list(this.#folder).filter((name) => name.endsWith(".json"));
        return files.toSorted().flatMap((name) => this.#read(join(this.#folder, name)) ?? []);
    }

    of(realFile: string): Journal | undefined {
        return this.#read(this.#pathOf(realFile));
    }

    write(realFile: string, content: Journal): void {
        const path = this.#pathOf(realFile);
        const next = `${path}.next`;
        this.#disk.makeFolder(this.#folder);
        this.#disk.remove(next);
        this.#disk.create(next, `${JSON.stringify(content)}\n`, 0o600);
        this.#disk.rename(next, path);
    }

    forget(realFile: string): void {
        this.#disk.remove(this.#pathOf(realFile));
    }

    #read(path: string): Journal | undefined {
        const content = this.#disk.read(path);
        if (content === undefined) {
            return undefined;
        }
        const parsed = journal.safeParse(jsonOf(String(content)));
        if (!parsed.success) {
            const fix = `take the contexts "sallyport-…" out of your kubeconfig by hand and remove ${path}`;
            throw new CommandError(Exit.failed, `${path} is no journal of this version of sallyport`, fix);
        }
        return parsed.data;
    }

    #pathOf(realFile: string): string {
        return join(this.#folder, `${createHash("sha256").update(realFile).digest("hex").slice(0, 16)}.json`);
    }
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
