import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { SettingError, ToolError } from "./errors.ts";

/**
 * The folder for everything that Sallyport downloads or builds once per user: `SALLYPORT_HOME`, `~/.cache/sallyport` when
 * that is not set. Nothing is created.
 *
 * @throws SettingError when `SALLYPORT_HOME` is not an absolute path.
 */
export function sallyportHome(): string {
    const home = process.env.SALLYPORT_HOME || join(homedir(), ".cache", "sallyport");
    if (!isAbsolute(home)) {
        throw new SettingError(
            `SALLYPORT_HOME is "${home}", a path that means another folder in every working directory`,
            "Write an absolute path, for example /var/cache/sallyport, or leave it unset for ~/.cache/sallyport.",
        );
    }
    return home;
}

/**
 * A folder below {@link sallyportHome}, created if need be.
 *
 * @throws ToolError when it cannot be written to.
 */
export async function writableHome(...segments: string[]): Promise<string> {
    const folder = join(sallyportHome(), ...segments);
    try {
        await mkdir(folder, { recursive: true });
        await access(folder, constants.W_OK);
    } catch (error) {
        throw new ToolError(
            `${folder} cannot be written to: ${(error as NodeJS.ErrnoException).code}`,
            "Make it writable, or set SALLYPORT_HOME to the absolute path of a folder that is.",
            { cause: error },
        );
    }
    return folder;
}
