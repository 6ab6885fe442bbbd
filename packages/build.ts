/** Makes `dist/packages`, the npm packages in folders and as tarballs: `npm run build:packages`. */
import { join, relative } from "node:path";
import { reportFailure } from "../cli/ui/failure.ts";
import { printTable } from "../cli/ui/table.ts";
import { type Packed, pack } from "./pack.ts";
import { stagePackages } from "./stage.ts";

/** Folder of the repository. */
export const ROOT = join(import.meta.dirname, "..");

/** Where the packages are made. */
export const OUTPUT = join(ROOT, "dist", "packages");

export interface BuiltPackage {
    readonly folder: string;
    readonly packed: Packed;
}

/**
 * Makes all packages, each after those that it depends on.
 *
 * @param output folder to make them in.
 */
export async function buildPackages(output = OUTPUT): Promise<BuiltPackage[]> {
    const staged = stagePackages(ROOT, output, repository());
    return Promise.all(staged.map(async (one) => ({ folder: one.folder, packed: await pack(one, output) })));
}

/** The repository that a workflow of GitHub publishes from; npm compares it with the provenance that GitHub states. */
function repository(): string | undefined {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
    return server === undefined || name === undefined ? undefined : `${server}/${name}`;
}

/** Prints what there is now, with sizes in KiB. */
export function printPacked(packed: readonly Packed[]): void {
    const kib = (bytes: number) => (bytes / 1024).toFixed(0);
    printTable(
        ["PACKAGE", "FILES", "PACKED KiB", "UNPACKED KiB", "TARBALL"],
        packed.map(({ name, version, files, size, unpackedSize, tarball }) => [
            `${name}@${version}`,
            String(files.length),
            kib(size),
            kib(unpackedSize),
            relative(process.cwd(), tarball),
        ]),
    );
}

if (import.meta.main) {
    try {
        printPacked((await buildPackages()).map(({ packed }) => packed));
    } catch (error) {
        process.exitCode = reportFailure(error);
    }
}
