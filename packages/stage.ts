/** The packages as folders, as npm packs them. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contents } from "./content.ts";
import { PACKAGES, type PackageDefinition } from "./definitions.ts";
import { manifestOf, type ProjectManifest } from "./manifest.ts";

export interface StagedPackage {
    readonly definition: PackageDefinition;
    readonly folder: string;
}

/**
 * Writes every package into a folder of its own below `output`; what was there goes.
 *
 * @param root folder of the repository.
 * @param repository address of the repository that they are published from, where it is known.
 */
export function stagePackages(root: string, output: string, repository?: string): StagedPackage[] {
    const project = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as ProjectManifest;
    const together = PACKAGES.map(({ name }) => name);
    return [...contents(root)].map(([definition, content]) => {
        const folder = join(output, definition.folder);
        const manifest = manifestOf(definition, content, { project, together, repository });
        rmSync(folder, { recursive: true, force: true });
        for (const [place, text] of [...content, ["package.json", `${JSON.stringify(manifest, null, 2)}\n`] as const]) {
            const file = join(folder, place);
            mkdirSync(dirname(file), { recursive: true });
            writeFileSync(file, text);
        }
        return { definition, folder };
    });
}
