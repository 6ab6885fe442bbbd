/** The packages as tarballs, as npm publishes them. */
import { join } from "node:path";
import { execa } from "execa";
import type { StagedPackage } from "./stage.ts";

/** What npm says of a tarball. */
export interface Packed {
    readonly name: string;
    readonly version: string;
    /** Bytes of the tarball. */
    readonly size: number;
    /** Bytes of what is in it. */
    readonly unpackedSize: number;
    readonly files: readonly { readonly path: string; readonly size: number }[];
    /** Absolute path of the tarball; one that was only listed is not there. */
    readonly tarball: string;
}

/**
 * Has npm pack a staged package.
 *
 * @param output folder for the tarball.
 * @param isListedOnly tells what would be packed, and writes nothing.
 */
export async function pack({ folder }: StagedPackage, output: string, isListedOnly = false): Promise<Packed> {
    const options = ["--json", "--pack-destination", output, ...(isListedOnly ? ["--dry-run"] : [])];
    const { stdout } = await execa("npm", ["pack", ...options], { cwd: folder, stdin: "ignore" });
    const [packed] = JSON.parse(stdout) as (Omit<Packed, "tarball"> & { filename: string })[];
    if (packed === undefined) throw new Error(`npm packed nothing of ${folder}`);
    return { ...packed, tarball: join(output, packed.filename) };
}
