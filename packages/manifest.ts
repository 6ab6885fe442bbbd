/** The `package.json` of a package. */
import type { Content } from "./content.ts";
import type { PackageDefinition } from "./definitions.ts";
import { placeOf, typesOf } from "./place.ts";
import { packageNamed, referencesIn } from "./references.ts";

/** What of the repository's `package.json` holds for its packages. */
export interface ProjectManifest {
    readonly version: string;
    readonly license: string;
    readonly engines: Readonly<Record<string, string>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
}

export interface Surroundings {
    readonly project: ProjectManifest;
    /** Names of all packages that are released together. */
    readonly together: readonly string[];
    /** `https://…` address of the repository that the packages are published from; npm wants it for a provenance statement. */
    readonly repository?: string | undefined;
}

/** Writes a package's manifest. What it depends on is what its modules and types name. */
export function manifestOf(definition: PackageDefinition, content: Content, surroundings: Surroundings): object {
    const { name, description, keywords, modules, files, commands, main, effects } = definition;
    const { project, repository } = surroundings;
    const place = (path: string) => `./${placeOf(definition, path)}`;
    const moduleExports = Object.entries(modules).map(([subpath, path]) => [
        subpath,
        { types: typesOf(place(path)), default: place(path) },
    ]);
    const fileExports = Object.entries(files).map(([subpath, file]) => [subpath, `./${file}`]);
    const bin = Object.fromEntries(
        Object.entries(commands).map(([command, path]) => [command, placeOf(definition, path)]),
    );
    return {
        name,
        version: project.version,
        description,
        keywords,
        license: project.license,
        ...(repository === undefined ? {} : { repository: { type: "git", url: `git+${repository}.git` } }),
        type: "module",
        main: place(main),
        // For programs that TypeScript checks without looking at `exports`.
        ...(modules["."] === undefined ? {} : { types: typesOf(place(modules["."])) }),
        exports: Object.fromEntries([...moduleExports, ...fileExports]),
        ...(Object.keys(bin).length === 0 ? {} : { bin }),
        files: [...new Set([...content.keys()].map((file) => file.split("/")[0]))].toSorted(),
        sideEffects: effects.map(place),
        engines: { node: project.engines.node },
        ...dependenciesOf(definition, content, surroundings),
        publishConfig: { access: "public", provenance: true },
    };
}

function dependenciesOf(
    { name, shared, besides, optional }: PackageDefinition,
    content: Content,
    { project, together }: Surroundings,
) {
    const named = [...content].flatMap(([file, text]) => packagesNamedIn(file, text, project));
    const all = [...new Set([...named, ...Object.keys(besides)])].filter((one) => !optional.includes(one)).toSorted();
    const versionOf = (dependency: string): string => {
        const types = dependency.startsWith("@types/") ? project.devDependencies[dependency] : undefined;
        const version = together.includes(dependency) ? project.version : (project.dependencies[dependency] ?? types);
        if (version !== undefined) return version;
        throw new Error(`${name} needs ${dependency}, which is not among the dependencies in package.json`);
    };
    const own = all.filter((dependency) => !shared.includes(dependency));
    const peers = Object.fromEntries(shared.map((dependency) => [dependency, `~${versionOf(dependency)}`]));
    return {
        dependencies: Object.fromEntries(own.map((dependency) => [dependency, versionOf(dependency)])),
        ...(shared.length === 0 ? {} : { peerDependencies: peers }),
    };
}

/** Packages that a file needs. Types of a package that brings none itself come from one of their own. */
function packagesNamedIn(file: string, text: string, { devDependencies }: ProjectManifest): string[] {
    if (!/\.[jt]s$/.test(file)) return [];
    const named = referencesIn(file, text).flatMap((reference) => packageNamed(reference) ?? []);
    if (!file.endsWith(".d.ts")) return named;
    return named.flatMap((one) => (`@types/${one}` in devDependencies ? [`@types/${one}`] : [one]));
}
