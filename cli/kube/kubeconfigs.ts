import { join } from "node:path";
import type { Progress } from "../../toolchain/index.ts";
import { realDisk } from "./kubeconfig/disk.ts";
import { Kubeconfigs } from "./kubeconfig/kubeconfigs.ts";
import { type MergedKubeconfig, readMerged } from "./kubeconfig/merged.ts";
import { kubeconfigFiles, writtenFile } from "./kubeconfig/paths.ts";
import { contextName } from "./session/cluster.ts";
import { kubeFolder } from "./session/records.ts";

/** The contexts of ours in this user's kubeconfigs. */
export function ownKubeconfigs(progress: Progress): Kubeconfigs {
    return new Kubeconfigs({ folder: join(kubeFolder(), "kubeconfigs"), progress });
}

/** A kubeconfig of our own, for whoever keeps theirs as it is: shells name it in KUBECONFIG. */
export const ownFile = (): string => join(kubeFolder(), "kubeconfig");

/** The kubeconfig that contexts are added to: the one that kubectl itself would write to. */
export function chosenFile(environment: NodeJS.ProcessEnv, own: boolean): string {
    return own ? ownFile() : writtenFile(kubeconfigFiles(environment), realDisk);
}

/** What kubectl makes of this shell's kubeconfigs, without what is ours. */
export function mergedKubeconfig(environment: NodeJS.ProcessEnv): MergedKubeconfig {
    return readMerged(kubeconfigFiles(environment), realDisk, (name) => name.startsWith(contextName("")));
}
