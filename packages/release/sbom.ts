/** What a package brings along, as a CycloneDX document. */
import { copyFile, mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Packed } from "../pack.ts";

/** What of a document is read or put right here (https://cyclonedx.org/docs/1.5/json/). */
export interface Sbom {
    readonly bomFormat: string;
    readonly metadata: { readonly component: { name: string; readonly version: string } };
    readonly components: readonly {
        readonly name: string;
        readonly version: string;
        readonly purl: string;
        externalReferences: readonly { readonly type: string; readonly url: string }[];
    }[];
}

/**
 * The bill of materials of a package, by npm: every package that installing it brings, in the versions of this repository's lock file, which are
 * those that the tests ran with.
 *
 * @param root folder of the repository, whose lock file is taken.
 * @param folder the staged package.
 * @param all the packages that are released together; the others are taken from their tarballs.
 */
export async function sbomOf(root: string, folder: string, all: readonly Packed[]): Promise<Sbom> {
    await using work = await mkdtempDisposable(join(tmpdir(), "sallyport-sbom-"));
    const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
        name: string;
        dependencies: Record<string, string>;
    };
    for (const { name, tarball } of all) {
        if (name in manifest.dependencies) manifest.dependencies[name] = pathToFileURL(tarball).href;
    }
    await writeFile(join(work.path, "package.json"), JSON.stringify(manifest));
    await copyFile(join(root, "package-lock.json"), join(work.path, "package-lock.json"));
    const npm = (...args: string[]) => execa("npm", args, { cwd: work.path, stdin: "ignore" });
    // The lock file less what this package does not need.
    await npm("install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
    const { stdout } = await npm("sbom", "--package-lock-only", "--sbom-format=cyclonedx", "--sbom-type=library");
    const sbom = JSON.parse(stdout) as Sbom;
    // npm names the document after the folder, and says where on this machine a tarball was.
    sbom.metadata.component.name = manifest.name;
    for (const component of sbom.components) {
        component.externalReferences = component.externalReferences.filter(({ url }) => !url.startsWith("file:"));
    }
    return sbom;
}
