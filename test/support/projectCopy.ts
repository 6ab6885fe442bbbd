import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa, type Result } from "execa";
import { projectDir } from "../../cli/project.ts";

/** A copy of the project that a test may change, with the same installed packages. */
export interface ProjectCopy extends Disposable {
    readonly folder: string;
    /** Changes a file's text. */
    edit(path: string, change: (text: string) => string): void;
    /** Runs `sallyport` in the copy; its exit code is part of the result. */
    sallyport(args: string[], wrapper?: string[]): Promise<Result>;
}

const LEFT_OUT = new Set(["node_modules", ".git", ".sallyport"]);

export function copyProject(): ProjectCopy {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-copy-"));
    cpSync(projectDir, folder, { recursive: true, filter: (source) => !LEFT_OUT.has(basename(source)) });
    symlinkSync(join(projectDir, "node_modules"), join(folder, "node_modules"));
    return {
        folder,
        edit(path, change) {
            const file = join(folder, path);
            writeFileSync(file, change(readFileSync(file, "utf8")));
        },
        sallyport(args, wrapper = []) {
            const [command = "", ...rest] = [...wrapper, process.execPath, join(folder, "cli", "bin.js"), ...args];
            return execa(command, rest, { cwd: folder, reject: false, stdin: "ignore" });
        },
        [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
    };
}
