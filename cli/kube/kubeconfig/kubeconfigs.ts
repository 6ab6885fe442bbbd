import { basename, dirname, join } from "node:path";
import { type Progress, underLock } from "../../../toolchain/index.ts";
import { CommandError, Exit } from "../../exit.ts";
import { type Disk, realDisk } from "./disk.ts";
import { parseKubeconfig, UneditableKubeconfig } from "./document.ts";
import type { OwnEntries } from "./entries.ts";
import { type Journal, type JournalEntry, Journals, namesIn } from "./journal.ts";
import { isAlive, lockKubeconfig, type ProcessRef, thisProcess } from "./lock.ts";
import { currentContextOf, digestOf, withOwn, withoutOwn } from "./ownText.ts";
import { besides, isSame, refuseIfNotReplaceable, replaceFile } from "./replaceFile.ts";

/** A kubeconfig that others change again and again while it is changed here is given up after so many attempts. */
const ATTEMPTS = 10;

/** What to do about a file that cannot be changed. */
const OWN_FILE = "make it one that can be changed, or leave it as it is and add --own-kubeconfig";
const TRY_AGAIN = "make it one that can be changed, and run `sallyport kube disconnect` again";

/** What is known of a file before it is read; no text has this digest. */
const NOTHING = { version: 1, existed: true, without: "", written: [], entries: [], leaving: [] } satisfies Omit<
    Journal,
    "file"
>;

/** What a kubeconfig holds of ours, or is to hold. */
interface Wanted {
    readonly entries: readonly JournalEntry[];
    /** The one of ours that is the current context; undefined leaves what the file has. */
    readonly current: string | undefined;
}
type Present = Wanted;

type Which = (context: { readonly name: string; readonly owner: ProcessRef }) => boolean;

/** A context of ours in a kubeconfig. */
export interface OwnContext {
    readonly file: string;
    readonly name: string;
    readonly owner: ProcessRef;
    /** Whether it is its file's current context. */
    readonly isCurrent: boolean;
}

export interface KubeconfigsOptions {
    /** Folder of our own for the journals; made if need be. */
    readonly folder: string;
    readonly progress: Progress;
    readonly disk?: Disk;
    /** This process, where it is not what the system says. */
    readonly self?: ProcessRef;
    readonly lockWaitMs?: number;
}

/**
 * The contexts of ours in people's kubeconfigs. Nothing else in those files changes by a byte; what was added is written down before, so that it is taken out again
 * whatever happens in between: a crash, another program that edits the file, other clusters that come and go.
 */
export class Kubeconfigs {
    readonly #options: KubeconfigsOptions;
    readonly #disk: Disk;
    readonly #journals: Journals;

    constructor(options: KubeconfigsOptions) {
        this.#options = options;
        this.#disk = options.disk ?? realDisk;
        this.#journals = new Journals(options.folder, this.#disk);
    }

    /**
     * Adds contexts to a kubeconfig, and makes the last of them the current one. A context of ours with the same name is replaced.
     *
     * @throws CommandError (exit 2) when the file cannot be changed; it has not been then
     */
    add(file: string, contexts: readonly OwnEntries[], owner: ProcessRef): Promise<void> {
        return this.#exclusively(() =>
            this.#change(file, OWN_FILE, ({ entries }) => ({
                entries: [
                    ...entries.filter((kept) => !contexts.some(({ name }) => name === kept.entries.name)),
                    ...contexts.map((own) => ({ owner, entries: own })),
                ],
                current: contexts.at(-1)?.name,
            })),
        );
    }

    /** Makes a context of ours its file's current one. */
    use(file: string, name: string): Promise<void> {
        return this.#exclusively(() => this.#change(file, OWN_FILE, ({ entries }) => ({ entries, current: name })));
    }

    /**
     * Takes contexts out of all kubeconfigs. Where one of them was the current context, the last one of ours that stays there takes its place, or else the one that was
     * current before.
     */
    withdraw(which: Which): Promise<void> {
        return this.#takeOut(which, ({ entries }) => entries.some((entry) => which(nameAndOwner(entry))));
    }

    /** Takes out what processes have left behind that were killed, and ends changes that were interrupted. */
    repair(): Promise<void> {
        const isDead: Which = ({ owner }) => !isAlive(owner);
        return this.#takeOut(isDead, ({ entries, written }) => {
            return written.length > 1 || entries.length === 0 || entries.some((entry) => isDead(nameAndOwner(entry)));
        });
    }

    /** All contexts of ours, as the files have them now. */
    contexts(): OwnContext[] {
        return this.#journals.all().flatMap(({ file, entries }) => {
            const current = this.#currentIn(file);
            return entries.map(nameAndOwner).map((context) => ({
                ...context,
                file,
                isCurrent: context.name === current,
            }));
        });
    }

    /** One file that cannot be changed does not keep the others from it. */
    #takeOut(which: Which, concerns: (journal: Journal) => boolean): Promise<void> {
        return this.#exclusively(async () => {
            const failed: CommandError[] = [];
            for (const { file } of this.#journals.all().filter(concerns)) {
                try {
                    await this.#change(file, TRY_AGAIN, (present) => without(present, which));
                } catch (error) {
                    if (!(error instanceof CommandError)) {
                        throw error;
                    }
                    failed.push(error);
                }
            }
            const [first] = failed;
            if (first !== undefined) {
                throw new CommandError(first.exit, failed.map(({ message }) => message).join("\n"), first.fix);
            }
        });
    }

    async #change(file: string, fix: string, decide: (now: Present) => Wanted): Promise<void> {
        try {
            const realFile = this.#realFile(file);
            using _noted = this.#note(file, realFile);
            this.#disk.makeFolder(dirname(realFile));
            const { lockWaitMs: waitMs, self: holder = thisProcess() } = this.#options;
            const options = { disk: this.#disk, holder, waitMs };
            using _named = await lockKubeconfig(file, options);
            using _real = realFile === file ? undefined : await lockKubeconfig(realFile, options);
            for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (this.#attempt(file, realFile, decide)) {
                    return;
                }
            }
            throw new UneditableKubeconfig("is being changed by another program without a pause");
        } catch (error) {
            throw explained(file, error, fix);
        }
    }

    /** Before anything is put beside a kubeconfig, it is written down where that is; and struck out again where nothing comes of it. */
    #note(file: string, realFile: string): Disposable {
        const isKnown = this.#journals.of(realFile) !== undefined;
        if (!isKnown) {
            this.#journals.write(realFile, { ...NOTHING, file });
        }
        return {
            [Symbol.dispose]: () => {
                if (!isKnown && this.#journals.of(realFile)?.without === NOTHING.without) {
                    this.#journals.forget(realFile);
                }
            },
        };
    }

    /** One attempt at a change; false where somebody else has changed the file meanwhile. */
    #attempt(file: string, realFile: string, decide: (now: Present) => Wanted): boolean {
        this.#disk.remove(besides(realFile)); // a killed process may have left it
        const content = this.#disk.read(realFile);
        const known = this.#journals.of(realFile);
        const { present, base, existed } = presentOf(content, known);
        const wanted = decide(present);
        const own = wanted.entries.map(({ entries }) => entries);
        const next = own.length === 0 ? undefined : withOwn(base, own, wanted.current);
        const isToGo = next === undefined && (content === undefined || !existed);
        const after = isToGo ? undefined : Buffer.from(next?.text ?? base);
        const journal: Journal = {
            version: 1,
            file,
            existed,
            without: digestOf(base),
            written: next === undefined ? [] : [{ digest: next.digest, edits: [...next.edits] }],
            previous: currentContextOf(parseKubeconfig(base)),
            entries: [...wanted.entries],
            leaving: [],
        };
        if (!isSame(content, after)) {
            refuseIfNotReplaceable(this.#disk.stat(realFile));
            const written = [...(known?.written ?? []), ...journal.written];
            this.#journals.write(realFile, { ...journal, written, leaving: known === undefined ? [] : namesIn(known) });
            if (!replaceFile(this.#disk, realFile, content, after)) {
                return false;
            }
        }
        if (own.length === 0) {
            this.#journals.forget(realFile);
        } else {
            this.#journals.write(realFile, journal);
        }
        return true;
    }

    #currentIn(file: string): string | undefined {
        try {
            return currentContextOf(parseKubeconfig(decoded(this.#disk.read(file) ?? Buffer.of())));
        } catch (error) {
            if (error instanceof UneditableKubeconfig) {
                return undefined; // nobody reads it as it is
            }
            throw error;
        }
    }

    /** Where the file is behind links; a file that is not there yet is where its folder is. */
    #realFile(file: string): string {
        const folder = this.#disk.realPath(dirname(file)) ?? dirname(file);
        return this.#disk.realPath(file) ?? join(folder, basename(file));
    }

    async #exclusively<T>(body: () => Promise<T>): Promise<T> {
        const { folder, progress } = this.#options;
        this.#disk.makeFolder(folder);
        return underLock(join(folder, "kubeconfigs"), "changing a kubeconfig", progress, body);
    }
}

const nameAndOwner = ({ owner, entries: { name } }: JournalEntry) => ({ name, owner });

function without({ entries, current }: Present, which: Which): Wanted {
    const kept = entries.filter((entry) => !which(nameAndOwner(entry)));
    const stays = current === undefined || kept.some((entry) => entry.entries.name === current);
    return { entries: kept, current: stays ? current : kept.at(-1)?.entries.name };
}

/** What a file holds of ours, and what it is without it. */
function presentOf(content: Buffer | undefined, known: Journal | undefined) {
    const text = decoded(content ?? Buffer.of());
    if (known === undefined) {
        return { present: { entries: [], current: undefined }, base: text, existed: content !== undefined };
    }
    const names = namesIn(known);
    const base = withoutOwn(text, { ...known, names });
    const current = currentContextOf(parseKubeconfig(text));
    const isOwn = current !== undefined && names.includes(current);
    return {
        present: { entries: known.entries, current: isOwn ? current : undefined },
        base,
        // A file that we made belongs to whoever has written more into it.
        existed: digestOf(base) === known.without ? known.existed : content !== undefined,
    };
}

/** Bytes that are no UTF-8 would not come back as they were. */
function decoded(content: Buffer): string {
    try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
    } catch {
        throw new UneditableKubeconfig("is no text in UTF-8");
    }
}

function explained(file: string, error: unknown, fix: string): unknown {
    if (error instanceof UneditableKubeconfig) {
        return new CommandError(Exit.usage, `${file} ${error.message}`, fix, { cause: error });
    }
    const { code = "" } = error as NodeJS.ErrnoException;
    return ["EACCES", "EPERM", "EROFS", "EBUSY", "EISDIR", "ENOTDIR"].includes(code)
        ? new CommandError(Exit.usage, `${file} cannot be changed: ${code}`, fix, { cause: error as Error })
        : error;
}
