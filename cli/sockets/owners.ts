import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";

/** A process that holds a socket. */
export interface SocketOwner {
    readonly pid: number;
    /** The program that it was started as, without its folder: `dockerd`. */
    readonly name: string;
}

/**
 * The processes that hold sockets, by the sockets' inodes. Linux only. Processes of other users show theirs to root alone; a
 * socket without an owner is the kernel's, or belongs to one of those.
 */
export async function socketOwners(inodes: ReadonlySet<number>): Promise<Map<number, SocketOwner>> {
    const owners = new Map<number, SocketOwner>();
    const pids = (await readdir("/proc")).map(Number).filter((pid) => pid > 0);
    await Promise.all(
        pids.map(async (pid) => {
            const held = (await socketsOf(pid)).filter((inode) => inodes.has(inode));
            if (held.length > 0) {
                // The command line rather than the kernel's name for it, which is the main thread's: node calls its `MainThread`.
                const command = (await ifThere(readFile(`/proc/${pid}/cmdline`, "utf8")))?.split("\0")[0] ?? "";
                const name = basename(command);
                for (const inode of held) {
                    owners.set(inode, { pid, name });
                }
            }
        }),
    );
    return owners;
}

async function socketsOf(pid: number): Promise<number[]> {
    const descriptors = (await ifThere(readdir(`/proc/${pid}/fd`))) ?? [];
    const targets = await Promise.all(descriptors.map((fd) => ifThere(readlink(`/proc/${pid}/fd/${fd}`))));
    return targets.flatMap((target) => {
        const inode = /^socket:\[(\d+)\]$/.exec(target ?? "")?.[1];
        return inode === undefined ? [] : [Number(inode)];
    });
}

/** Processes end while they are looked at, and those of other users do not show themselves. */
async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
    try {
        return await reading;
    } catch (error) {
        if (["ENOENT", "ESRCH", "EACCES", "EPERM", "EINVAL"].includes((error as NodeJS.ErrnoException).code ?? "")) {
            return undefined;
        }
        throw error;
    }
}
