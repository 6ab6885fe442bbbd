/** What a package holds, made from the repository. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { compileDeclarations, compileModule } from "./compile.ts";
import { PACKAGES, type PackageDefinition } from "./definitions.ts";
import { movePage } from "./markdown.ts";
import { packageOf, placeOf, typesOf } from "./place.ts";

/** Texts by their place in a package. */
export type Content = ReadonlyMap<string, string>;

/**
 * The content of every package but its `package.json`.
 *
 * @param root folder of the repository.
 */
export function contents(root: string): ReadonlyMap<PackageDefinition, Content> {
    const modules = PACKAGES.flatMap((definition) => Object.values(definition.modules));
    const declarations = compileDeclarations(root, modules);
    return new Map(PACKAGES.map((definition) => [definition, contentOf(root, definition, declarations)]));
}

function contentOf(root: string, definition: PackageDefinition, declarations: ReadonlyMap<string, string>): Content {
    const files = placesOf(root, definition);
    const content = new Map<string, string>();
    for (const [path, place] of files) {
        const text = readFileSync(join(root, path), "utf8");
        if (isModule(path)) content.set(place, compileModule(path, text));
        else content.set(place, path.endsWith(".md") ? movePage(text, path, place, (at) => files.get(at)) : text);
    }
    for (const [path, text] of declarations) {
        if (packageOf(path) === definition) content.set(typesOf(placeOf(definition, path)), text);
    }
    return content;
}

/** Modules of ours. Programs in other languages that Node.js does not run lie in `toolchain/builds`. */
function isModule(path: string): boolean {
    return /\.[jt]s$/.test(path) && !path.startsWith("toolchain/builds/");
}

/** Places in the package by path of the repository. */
function placesOf(root: string, definition: PackageDefinition): Map<string, string> {
    const { sources, leftOut, added } = definition;
    const own = sources.flatMap((source) => filesBelow(root, source));
    const places = own
        .filter((path) => !leftOut.some((other) => path === other || path.startsWith(`${other}/`)))
        // Those of a package made of a folder that has one: its own is written here.
        .filter((path) => placeOf(definition, path) !== "package.json")
        .map((path) => [path, placeOf(definition, path)] as const);
    const others = Object.entries({ LICENSE: "LICENSE", ...added }).flatMap(([place, path]) =>
        filesBelow(root, path).map((file) => [file, posix.join(place, posix.relative(path, file))] as const),
    );
    return new Map([...places, ...others]);
}

/** Paths of the repository of a file, or of all files in a folder. */
function filesBelow(root: string, path: string): string[] {
    if (statSync(join(root, path)).isFile()) return [path];
    return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
            join(entry.parentPath, entry.name)
                .slice(root.length + 1)
                .replaceAll(sep, "/"),
        )
        .filter((file) => !file.includes("/node_modules/"))
        .toSorted();
}
