import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { Disk } from "./disk.ts";

/** The kubeconfigs that kubectl reads, in the order in which the first one wins: those of `KUBECONFIG`, or else `~/.kube/config`. */
export function kubeconfigFiles(environment: NodeJS.ProcessEnv): [string, ...string[]] {
    const [first, ...others] = new Set((environment.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== ""));
    return first === undefined
        ? [join(environment.HOME ?? homedir(), ".kube", "config")]
        : [resolve(first), ...others.map((path) => resolve(path))];
}

/** The one of them that kubectl writes new entries and the current context to (client-go, `tools/clientcmd/config.go`, GetDefaultFilename). */
export function writtenFile(files: readonly [string, ...string[]], disk: Disk): string {
    return files.find((file) => disk.stat(file) !== undefined) ?? files.at(-1) ?? files[0];
}
