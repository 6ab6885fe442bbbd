import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { sallyportHome } from "../../toolchain/index.ts";

const source = join(import.meta.dirname, "..", "programs", "template");

/**
 * The program as Pulumi's default TypeScript template makes it, with the packages that the template would install: its TypeScript is not
 * the project's. Installed once, below the folder for caches.
 */
export async function installedTemplate(): Promise<string> {
    const folder = join(sallyportHome(), "bench", "template");
    cpSync(source, folder, { recursive: true });
    if (!existsSync(join(folder, "node_modules", ".package-lock.json"))) {
        await execa("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], { cwd: folder });
    }
    return folder;
}
