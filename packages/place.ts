/** Where a file of the repository goes in the packages, and by which name another package asks for it. */
import { posix } from "node:path";
import { PACKAGES, type PackageDefinition } from "./definitions.ts";

/** The package that has a file of the repository; undefined for what no package has. */
export function packageOf(path: string): PackageDefinition | undefined {
    return PACKAGES.find(({ sources }) => sources.some((source) => path.startsWith(`${source}/`)));
}

/** Place in its package of a file of the repository, as it is there once it is compiled. */
export function placeOf(definition: PackageDefinition, path: string): string {
    const [only, ...more] = definition.sources;
    const place = more.length === 0 && only !== undefined ? posix.relative(only, path) : path;
    return place.replace(/(?<!\.d)\.ts$/, ".js");
}

/** Place of the types that belong to a compiled module. */
export function typesOf(place: string): string {
    return place.replace(/\.js$/, ".d.ts");
}

/**
 * What a module has to ask for where its source names a file beside it: the same file, compiled, or the package that it has gone to.
 *
 * @param from path in the repository of the module that asks.
 * @throws Error where the file has gone nowhere.
 */
export function specifierFor(from: string, specifier: string): string {
    if (!/^\.\.?\//.test(specifier)) return specifier;
    const target = posix.join(posix.dirname(from), specifier);
    // Each package has its own: what its code reads there holds for it.
    if (target === "package.json") return specifier;
    const own = packageOf(from);
    const owner = packageOf(target);
    if (owner === undefined) throw new Error(`${from} asks for ${specifier}, which is in no package`);
    if (owner === own) return specifier.replace(/\.ts$/, ".js");
    return posix.join(owner.name, subpathOf(owner, target));
}

function subpathOf(owner: PackageDefinition, target: string): string {
    const known = Object.entries(owner.modules).find(([, module]) => module === target);
    const place = placeOf(owner, target);
    const file = Object.entries(owner.files).find(([, asked]) => asked === place);
    // What is no public module is one of `INTERNAL`.
    return known?.[0] ?? file?.[0] ?? `./internal/${place}`;
}
