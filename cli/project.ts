import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where this code is: the root of a clone, or the package as npm installed it. */
const ownFolder = join(import.meta.dirname, "..");

/**
 * The folder with the `Pulumi.yaml` to work on: the nearest one above the working directory, as `pulumi` itself looks for it; from elsewhere the
 * clone that this code belongs to. Without either it is the working directory, and whatever needs a project says what it misses there.
 */
export const projectDir =
    nearestProject(process.cwd()) ?? (existsSync(join(ownFolder, "Pulumi.yaml")) ? ownFolder : process.cwd());

/** The policy pack that every `up` and `preview` of ours runs. */
export const policyPack = dirname(createRequire(import.meta.url).resolve("../policy/package.json"));

/** The program that processes of ours in the background run. */
export const cliProgram = fileURLToPath(new URL("./bin.js", import.meta.url));

function nearestProject(folder: string): string | undefined {
    if (existsSync(join(folder, "Pulumi.yaml"))) return folder;
    const above = dirname(folder);
    return above === folder ? undefined : nearestProject(above);
}
