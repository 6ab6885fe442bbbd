import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Folders of an npm package, by its name: the one that the project has installed, then the one that Sallyport's own modules load. As a rule they
 * are one and the same; where a project asks for another version of a package, npm keeps both.
 */
export function packageFolders(projectDir: string, name: string): readonly string[] {
    const ways = [createRequire(join(projectDir, "package.json")), createRequire(import.meta.url)];
    return [...new Set(ways.flatMap((require) => folderOf(name, require)))];
}

function folderOf(name: string, require: NodeJS.Require): string[] {
    try {
        return [dirname(require.resolve(`${name}/package.json`))];
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return [];
        throw error;
    }
}

/** Versions of an npm package that a program of the project may load, without repetition. */
export function packageVersions(projectDir: string, name: string): readonly string[] {
    const load = createRequire(import.meta.url);
    const versions = packageFolders(projectDir, name).map(
        (folder) => (load(join(folder, "package.json")) as { version: string }).version,
    );
    return [...new Set(versions)];
}
