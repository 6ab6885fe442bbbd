/** Releases the packages: `npm run release`, and with `--dry-run` everything but the publishing. */
import { writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { reportFailure } from "../../cli/ui/failure.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import type { Progress } from "../../toolchain/index.ts";
import { buildPackages, OUTPUT, printPacked, ROOT } from "../build.ts";
import type { Packed } from "../pack.ts";
import { sbomOf } from "./sbom.ts";

export interface Release {
    readonly packed: readonly Packed[];
    /** Absolute paths of the bills of materials, in the order of the packages. */
    readonly sboms: readonly string[];
    /** Names of the packages that were published; those whose version the registry had already are not among them. */
    readonly published: readonly string[];
}

export interface ReleaseOptions {
    /** Everything but the publishing. */
    readonly dryRun: boolean;
    readonly progress: Progress;
    /** Folder to make it all in; `dist/packages` where omitted. */
    readonly output?: string;
}

/** Builds and packs everything and writes the bills of materials; publishes unless told otherwise, each package after those that it depends on. */
export async function release({ dryRun, progress, output = OUTPUT }: ReleaseOptions): Promise<Release> {
    progress.step("Building the packages");
    const built = await buildPackages(output);
    const packed = built.map(({ packed: one }) => one);
    progress.step("Writing the bills of materials");
    const sboms: string[] = [];
    for (const { folder, packed: one } of built) {
        const file = one.tarball.replace(/\.tgz$/, ".cdx.json");
        await writeFile(file, `${JSON.stringify(await sbomOf(ROOT, folder, packed), null, 2)}\n`);
        sboms.push(file);
    }
    const published: string[] = [];
    for (const one of dryRun ? [] : packed) {
        progress.step(`Publishing ${one.name}@${one.version}`);
        if (await publish(one)) published.push(one.name);
    }
    progress.done();
    return { packed, sboms, published };
}

/** @returns false where the registry has this version: a release that was cut off goes on where it was. */
async function publish({ name, version, tarball }: Packed): Promise<boolean> {
    const npm = (...args: string[]) => execa("npm", args, { cwd: dirname(tarball), stdin: "ignore" });
    const { stdout } = await npm("view", `${name}@${version}`, "version", "--json").catch(
        (error: { stdout: string }) => {
            if (!error.stdout.includes('"E404"')) throw error;
            return { stdout: "" };
        },
    );
    if (stdout.includes(version)) return false;
    await npm("publish", tarball, "--access", "public", "--provenance");
    return true;
}

if (import.meta.main) {
    try {
        const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
        const dryRun = values["dry-run"];
        const { packed, sboms, published } = await release({ dryRun, progress: stderrProgress() });
        printPacked(packed);
        for (const { name, files } of packed) {
            process.stdout.write(
                `\n${name}\n${files.map(({ path, size }) => `${String(size).padStart(9)}  ${path}\n`).join("")}`,
            );
        }
        process.stdout.write(`\n${sboms.map((file) => `${relative(process.cwd(), file)}\n`).join("")}`);
        process.stdout.write(
            dryRun ? "nothing was published\n" : `published: ${published.join(", ") || "nothing new"}\n`,
        );
    } catch (error) {
        process.exitCode = reportFailure(error);
    }
}
