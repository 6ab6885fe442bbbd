import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { writableHome } from "../home.ts";
import type { Host } from "../host.ts";
import { underLock } from "../lock.ts";
import type { Progress } from "../progress.ts";
import { CommandFailed, run } from "../run.ts";

/** Package manager runs may take this long: ten minutes in milliseconds. */
const INSTALL_WITHIN_MS = 600_000;

/** How long apt-get waits for another package manager that is at work, in seconds. */
const WAIT_FOR_OTHERS_S = 300;

/** Whether {@link installPackage} may work here: for root on Debian, Ubuntu and what is made from them. */
export const canInstall = ({ platform, debian, root }: Host) => platform === "linux" && debian && root;

/** The shell command that installs a package, for those who have to do it themselves. */
export function installCommand(name: string, { root }: Pick<Host, "root">): string {
    const sudo = root ? "" : "sudo ";
    return `${sudo}apt-get update && ${sudo}apt-get install --yes ${name}`;
}

/**
 * Installs a package of the distribution, with what it depends on, and asks nothing. One process of ours at a time; another package
 * manager is waited for. The package's own scripts may start its services.
 *
 * @param advice what to do when it fails
 * @param extra more arguments for the installation
 * @throws ToolError when the package cannot be had.
 */
export async function installPackage(
    name: string,
    progress: Progress,
    advice: string,
    ...extra: string[]
): Promise<void> {
    const lock = join(await writableHome("debian"), "apt-get");
    await underLock(lock, `installing ${name}`, progress, async (signal) => {
        const env = { DEBIAN_FRONTEND: "noninteractive" };
        const aptGet = async (...args: string[]) => {
            progress.detail(`apt-get ${args.join(" ")}`);
            await run("apt-get", [...args, "-o", `DPkg::Lock::Timeout=${WAIT_FOR_OTHERS_S}`], {
                env,
                signal,
                within: INSTALL_WITHIN_MS,
            });
        };
        try {
            await aptGet("update");
            await aptGet("install", "--yes", ...extra, name);
        } catch (error) {
            if (!(error instanceof CommandFailed) || signal.aborted) throw error;
            throw new ToolError(`${name} cannot be installed. ${error.message}`, advice, { cause: error });
        }
    });
}
