import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type OpenOptions, openStack } from "./open.ts";

/**
 * Makes a stack of the project in `projectDir`, from a folder of its own: the engine writes the salt of the passphrase into the stack file,
 * and a committed file must not change because somebody tried the project.
 *
 * @returns the salt (`encryptionsalt`) that the stack file for this stack needs.
 */
export async function initialiseStack({
    projectDir,
    folder,
    ...options
}: Omit<OpenOptions, "workDir" | "create"> & { projectDir: string; folder: string }): Promise<string> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { name } = parse(readFileSync(join(projectDir, "Pulumi.yaml"), "utf8")) as { name: string };
    writeFileSync(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
    await openStack({ ...options, workDir: folder, create: true });
    const file = readFileSync(join(folder, `Pulumi.${options.stack}.yaml`), "utf8");
    return (parse(file) as { encryptionsalt: string }).encryptionsalt;
}
