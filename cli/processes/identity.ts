import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells the process that has this id now from every other that had it or will have it: when it started. Undefined where no such process
 * runs; a zombie, which only waits for its parent to notice, does not run.
 */
export function identityOf(pid: number): string | undefined {
    switch (process.platform) {
        case "linux":
            return fromProc(pid);
        case "win32":
            return fromSignal(pid);
        default:
            return fromPs(pid);
    }
}

/** `/proc/PID/stat`, proc_pid_stat(5): after the command in parentheses come the state and, 19 fields on, the start in ticks since boot. */
function fromProc(pid: number): string | undefined {
    let stat: string;
    try {
        stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch (error) {
        if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) {
            return undefined;
        }
        throw error;
    }
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state = ""] = fields;
    // Ticks alone come round again after a restart of the machine.
    return "ZX".includes(state) ? undefined : `${bootId()} ${fields[19]}`;
}

function bootId(): string {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

/** ps(1) of POSIX systems without `/proc`. */
function fromPs(pid: number): string | undefined {
    const { stdout, error } = spawnSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" });
    if (error !== undefined) {
        throw error;
    }
    const line = stdout.trim();
    return line === "" || line.startsWith("Z") ? undefined : line.slice(line.indexOf(" ") + 1).trim();
}

/** Where nothing tells a start time, the id alone must do. */
function fromSignal(pid: number): string | undefined {
    try {
        process.kill(pid, 0);
        return "running";
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM" ? "running" : undefined;
    }
}
