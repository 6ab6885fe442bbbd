import { join } from "node:path";
import { execa, type Options, type Result } from "execa";
import { projectDir } from "../../cli/project.ts";

/** Runs `sallyport` as a user does, in a process of its own. Its exit code is part of the result, not an exception. */
export function sallyport(args: string[], options: Options = {}): Promise<Result> {
    return execa(process.execPath, [join(projectDir, "cli", "bin.js"), ...args], {
        cwd: projectDir,
        reject: false,
        stdin: "ignore",
        ...options,
    });
}
