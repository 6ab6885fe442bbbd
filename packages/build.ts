/** Makes `dist/packages`, the npm packages in folders and as tarballs: `npm run build:packages`. */
import { join, relative } from "node:path";
import { reportFailure } from "../cli/ui/failure.ts";
import { printTable } from "../cli/ui/table.ts";
import { type Packed, pack } from "./pack.ts";
import { stagePackages } from "./stage.ts";

const ROOT = join(import.meta.dirname, "..");

/** Where the packages are made. */
export const OUTPUT = join(ROOT, "dist", "packages");

/** Makes all packages. */
export function buildPackages(repository = process.env.SALLYPORT_REPOSITORY): Promise<Packed[]> {
    return Promise.all(stagePackages(ROOT, OUTPUT, repository).map((staged) => pack(staged, OUTPUT)));
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
        printPacked(await buildPackages());
    } catch (error) {
        process.exitCode = reportFailure(error);
    }
}
