import { readdir, readFile } from "node:fs/promises";

/** The processes of this machine whose arguments or environment contain a text (Linux, proc_pid_cmdline(5)). */
export async function processesShowing(text: string, where: "cmdline" | "environ"): Promise<string[]> {
    const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
    const shown = await Promise.all(
        pids.map(async (pid) => {
            // One that has ended, or is another user's, shows nothing.
            const content = await readFile(`/proc/${pid}/${where}`, "utf8").catch(() => "");
            return content.includes(text) ? [pid] : [];
        }),
    );
    return shown.flat();
}
