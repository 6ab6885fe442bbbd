import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Folder of the user's own settings: `$XDG_CONFIG_HOME/sallyport`, or `~/.config/sallyport` (XDG Base Directory Specification). */
export function configFolder(): string {
    const { XDG_CONFIG_HOME: base = "" } = process.env;
    // The specification says that a path which is not absolute does not count.
    return join(isAbsolute(base) ? base : join(homedir(), ".config"), "sallyport");
}

/** A path as a settings file has it: from that file's folder on, and `~/` for the user's own. */
export function pathFrom(folder: string, path: string): string {
    if (path.startsWith("~/")) {
        return join(homedir(), path.slice(2));
    }
    return isAbsolute(path) ? path : join(folder, path);
}
