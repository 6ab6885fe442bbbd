import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../run.ts";
import type { Tool } from "../tools.ts";
import type { WayContext } from "./way.ts";

/** Given up when nothing comes for so long, in milliseconds; a release's binary is some 40 MB. */
const WITHIN_MS = 300_000;

/**
 * Has npm's `cloudflared` package download the release's binary. The package is fetched for the occasion, with the checksum that the lock
 * file pins, and none of its scripts runs but the installer that is called here.
 */
export async function fromNpmInstaller(tool: Tool, { folder, progress, signal }: WayContext): Promise<void> {
    const temporary = join(folder, "npm");
    await mkdir(temporary);
    for (const name of ["package.json", "package-lock.json"]) {
        await copyFile(new URL(`../builds/cloudflared-npm/${name}`, import.meta.url), join(temporary, name));
    }
    const options = { cwd: temporary, signal, within: WITHIN_MS };
    progress.detail("fetching the installer from npm");
    await run("npm", ["ci", "--prefix", temporary, "--ignore-scripts", "--no-audit", "--no-fund"], options);
    progress.detail("downloading the official release");
    const installer = join(temporary, "node_modules", "cloudflared");
    await run(process.execPath, [join(installer, "lib", "cloudflared.js"), "bin", "install"], {
        ...options,
        env: {
            CLOUDFLARED_VERSION: tool.version,
            CLOUDFLARED_BIN: undefined,
            // Lets node:https go through HTTPS_PROXY, as npm does.
            NODE_USE_ENV_PROXY: "1",
        },
    });
    // The installer ends with 0 after a failed download too; then this file is missing.
    await rename(join(installer, "bin", "cloudflared"), join(folder, tool.name));
    await rm(temporary, { recursive: true });
}
