import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Disk, realDisk } from "../../../cli/kube/kubeconfig/disk.ts";
import type { OwnEntries } from "../../../cli/kube/kubeconfig/entries.ts";
import { Kubeconfigs } from "../../../cli/kube/kubeconfig/kubeconfigs.ts";
import { thisProcess } from "../../../cli/kube/kubeconfig/lock.ts";
import { silentProgress } from "../../../toolchain/index.ts";

/** A process that is no more. */
export const dead = { pid: 1, identity: "long gone" };
export const alive = thisProcess();

/** What is stored need not survive a power cut here. */
const quickDisk: Disk = {
    ...realDisk,
    create: (path, content, mode) => writeFileSync(path, content, { flag: "wx", mode }),
};

/** A folder with kubeconfigs, and one for the journals. */
export function workspace() {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-kubeconfig-"));
    const path = (name: string) => join(folder, name);
    return {
        folder,
        path,
        /** What changes kubeconfigs from here, on a disk of a test's own. */
        kubeconfigs: (disk: Disk = quickDisk, self = alive) =>
            new Kubeconfigs({ folder: path("state"), progress: silentProgress, disk, self, lockWaitMs: 100 }),
        write(name: string, content: string | Buffer, mode = 0o600) {
            mkdirSync(dirname(path(name)), { recursive: true });
            writeFileSync(path(name), content);
            chmodSync(path(name), mode);
            return path(name);
        },
        read: (name: string) => (existsSync(path(name)) ? readFileSync(path(name), "utf8") : undefined),
        mode: (name: string) => statSync(path(name)).mode & 0o777,
        [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
    };
}

/** What a connected cluster adds. */
export function entriesFor(cluster: string): OwnEntries {
    const name = `sallyport-${cluster}`;
    return {
        name,
        clusters: {
            server: `https://${cluster}.internal:6443`,
            "certificate-authority-data": "LS0tLS1CRUdJTg==",
            "proxy-url": "socks5://127.0.0.1:22001",
        },
        contexts: { cluster: name, user: name },
        users: {
            exec: {
                apiVersion: "client.authentication.k8s.io/v1",
                command: "kubectl",
                args: ["oidc-login", "get-token"],
                installHint: "install it",
                interactiveMode: "IfAvailable",
                provideClusterInfo: false,
            },
        },
    };
}

/** A process's view of the disk until it is killed: after so many changes to it, nothing that the process still does has any effect. */
export function killedAfter(changes: number): Disk & { readonly wasKilled: boolean } {
    let left = changes;
    const killing = <A extends unknown[], R>(operation: (...args: A) => R, cost: number) => {
        return (...args: A): R => {
            left -= cost;
            if (left < 0) {
                throw new Error("killed");
            }
            return operation(...args);
        };
    };
    return {
        read: killing(quickDisk.read, 0),
        stat: killing(quickDisk.stat, 0),
        realPath: killing(quickDisk.realPath, 0),
        list: killing(quickDisk.list, 0),
        create: killing(quickDisk.create, 1),
        own: killing(quickDisk.own, 1),
        rename: killing(quickDisk.rename, 1),
        remove: killing(quickDisk.remove, 1),
        makeFolder: killing(quickDisk.makeFolder, 1),
        get wasKilled() {
            return left < 0;
        },
    };
}
