import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ROOT } from "../../../packages/build.ts";
import { type StagedPackage, stagePackages } from "../../../packages/stage.ts";

export interface Manifest {
    readonly name: string;
    readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
    readonly dependencies: Readonly<Record<string, string>>;
    readonly peerDependencies?: Readonly<Record<string, string>>;
}

export function manifestIn(folder: string): Manifest {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** A folder in which the packages are there as if npm had installed them, with what they depend on and nothing else. */
export interface StagedProject extends Disposable {
    readonly folder: string;
    readonly packages: readonly StagedPackage[];
}

export function stageProject(): StagedProject {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-packages-"));
    const packages = stagePackages(ROOT, join(folder, "packages"));
    const modules = join(folder, "node_modules");
    const link = (name: string, target: string) => {
        mkdirSync(dirname(join(modules, name)), { recursive: true });
        symlinkSync(target, join(modules, name));
    };
    const own = new Set(packages.map(({ definition }) => definition.name as string));
    const needed = packages.flatMap(({ folder: staged }) => {
        const { dependencies, peerDependencies } = manifestIn(staged);
        return Object.keys({ ...dependencies, ...peerDependencies });
    });
    for (const name of new Set(needed)) {
        if (!own.has(name)) link(name, join(ROOT, "node_modules", name));
    }
    for (const { definition, folder: staged } of packages) link(definition.name, staged);
    return { folder, packages, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
