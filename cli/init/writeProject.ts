import {
    constants,
    copyFileSync,
    existsSync,
    mkdirSync,
    mkdtempDisposableSync,
    renameSync,
    rmdirSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CommandError, Exit } from "../exit.ts";
import type { ProjectFiles } from "./projectFiles.ts";

/**
 * Writes a new project: all of it or nothing. It is made in a temporary folder beside its place and moved there; nothing that is there is overwritten.
 *
 * @throws CommandError (exit 2) naming every file that is there already; (exit 3) where the folder cannot be written to.
 */
export function writeProject(folder: string, files: ProjectFiles): void {
    const target = resolve(folder);
    refuseExisting(target, files);
    try {
        place(target, files);
    } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        if (code === undefined) throw error;
        throw new CommandError(
            Exit.failed,
            `${folder}: nothing was made, it cannot be written there: ${message}`,
            "name another folder, or make this one writable",
            { cause: error },
        );
    }
}

function refuseExisting(target: string, files: ProjectFiles): void {
    const present = [...files.keys()].filter((path) => existsSync(join(target, path)));
    if (present.length === 0) return;
    throw new CommandError(
        Exit.usage,
        `${target} has ${present.join(", ")} already; nothing was made`,
        "name a folder that is new or has none of them: sallyport init FOLDER",
    );
}

function place(target: string, files: ProjectFiles): void {
    const isNew = !existsSync(target);
    const within = isNew ? dirname(target) : target;
    mkdirSync(within, { recursive: true });
    using temporary = mkdtempDisposableSync(join(within, ".sallyport-init-"));
    const made = join(temporary.path, "project");
    for (const [path, text] of files) {
        const file = join(made, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text, { flag: "wx" });
    }
    if (isNew) {
        renameSync(made, target);
    } else {
        addTo(target, made, [...files.keys()]);
    }
}

/** Moves the files into a folder that is there; what was moved goes again if one of them cannot be. */
function addTo(target: string, made: string, paths: readonly string[]): void {
    const undo: (() => void)[] = [];
    try {
        for (const path of paths) {
            const file = join(target, path);
            const folder = mkdirSync(dirname(file), { recursive: true });
            if (folder !== undefined) undo.push(() => removeFolders(dirname(file), folder));
            copyFileSync(join(made, path), file, constants.COPYFILE_EXCL);
            undo.push(() => rmSync(file));
        }
    } catch (error) {
        for (const step of undo.toReversed()) step();
        throw error;
    }
}

/** Removes the folders from `deepest` up to `highest`, which were made one in the other, where nothing else was put there meanwhile. */
function removeFolders(deepest: string, highest: string): void {
    for (let folder = deepest; ; folder = dirname(folder)) {
        rmdirSync(folder);
        if (folder === highest) return;
    }
}
