import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sallyportHome, writableHome } from "./home.ts";
import { underLock } from "./lock.ts";
import type { Progress } from "./progress.ts";
import type { Tool, ToolName } from "./tools.ts";

/** Where an installed program came from. `present`: somebody else put it on this machine. */
export type Source = "official" | "registry build" | "present";

/** A program that can be run. */
export interface InstalledTool {
    readonly name: ToolName;
    readonly version: string;
    /** Absolute path of the executable. */
    readonly path: string;
    readonly source: Source;
}

/** `tool.json` beside each executable: what it is, and what it takes to see that it still is that. */
interface Receipt {
    readonly name: ToolName;
    readonly version: string;
    readonly source: Source;
    readonly size: number;
    /** Time of the last change, in milliseconds since 1970. */
    readonly modified: number;
    /** Of the executable, in hexadecimal. */
    readonly sha256: string;
}

const RECEIPT = "tool.json";

/** Prefix of folders that are being filled, or are on their way out. */
const UNFINISHED = ".unfinished-";

/** Puts a program, under its name and ready to run, into an empty folder and says where it came from. */
export type Make = (folder: string, signal: AbortSignal) => Promise<Source>;

/**
 * The program in {@link sallyportHome}, if it is there and whole. Costs a stat and a small file: the content is read only when the
 * file was touched since it was installed.
 */
export async function findInstalled({ name, version }: Tool): Promise<InstalledTool | undefined> {
    const folder = folderOf(name, version);
    const path = join(folder, name);
    try {
        const receipt = JSON.parse(await readFile(join(folder, RECEIPT), "utf8")) as Receipt;
        const { size, mtimeMs } = await stat(path);
        if (size !== receipt.size) return undefined;
        if (mtimeMs !== receipt.modified && (await sha256Of(path)) !== receipt.sha256) return undefined;
        return { name, version, path, source: receipt.source };
    } catch {
        // Missing or unreadable in any way: it is installed again, which reports what is really wrong.
        return undefined;
    }
}

/**
 * Installs a program so that it is there whole or not at all: `make` fills a folder beside the final one, which takes the final
 * name only when everything is on the disk. One process at a time; one that had to wait takes what the other made.
 */
export async function install(tool: Tool, progress: Progress, make: Make): Promise<InstalledTool> {
    const parent = await writableHome("tools", tool.name);
    const what = `installing ${tool.name} ${tool.version}`;
    return underLock(join(parent, tool.version), what, progress, async (signal) => {
        const ready = await findInstalled(tool);
        if (ready) return ready;
        await clean(parent);
        const folder = join(parent, `${UNFINISHED}${randomUUID()}`);
        await mkdir(folder);
        try {
            const source = await make(folder, signal);
            await seal(tool, folder, source);
            signal.throwIfAborted();
            await replace(folder, folderOf(tool.name, tool.version));
            return { name: tool.name, version: tool.version, path: pathOf(tool), source };
        } finally {
            await rm(folder, { recursive: true, force: true });
        }
    });
}

/** Where {@link install} puts a program's executable. */
export const pathOf = ({ name, version }: Tool) => join(folderOf(name, version), name);

const folderOf = (name: ToolName, version: string) => join(sallyportHome(), "tools", name, version);

/** Only the holder of the lock makes such folders: those that exist before it starts belong to processes that were killed. */
async function clean(parent: string): Promise<void> {
    for (const entry of await readdir(parent)) {
        if (entry.startsWith(UNFINISHED)) await rm(join(parent, entry), { recursive: true, force: true });
    }
}

async function seal({ name, version }: Tool, folder: string, source: Source): Promise<void> {
    const path = join(folder, name);
    const { size, mtimeMs: modified } = await stat(path);
    const receipt: Receipt = { name, version, source, size, modified, sha256: await sha256Of(path) };
    await writeFile(join(folder, RECEIPT), `${JSON.stringify(receipt, undefined, 2)}\n`);
    for (const entry of [path, join(folder, RECEIPT), folder]) await flush(entry);
}

/** Gives a finished folder its name. A damaged predecessor steps aside first: a folder with content cannot be renamed over. */
export async function replace(folder: string, final: string): Promise<void> {
    const aside = join(dirname(final), `${UNFINISHED}${randomUUID()}`);
    await rename(final, aside).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOENT") throw error;
    });
    await rename(folder, final);
    await rm(aside, { recursive: true, force: true });
    await flush(dirname(final));
}

/** Without this a power cut can leave the new name with the old, empty content. */
async function flush(path: string): Promise<void> {
    const handle = await open(path, "r");
    try {
        await handle.sync();
    } finally {
        await handle.close();
    }
}

async function sha256Of(path: string): Promise<string> {
    const hash = createHash("sha256");
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
}
