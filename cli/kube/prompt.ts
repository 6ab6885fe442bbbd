import { isCancel, multiselect } from "@clack/prompts";
import { CommandError, Exit } from "../exit.ts";
import type { DiscoveredCluster } from "./discovery/cluster.ts";
import { isCalled } from "./discovery/merge.ts";

/**
 * Has a person choose among the clusters that a tunnel leads to, favourites first.
 *
 * @throws CommandError (exit 2) where there is none, where nobody can be asked, or where nothing was chosen
 */
export async function chooseClusters(
    known: readonly DiscoveredCluster[],
    liked: ReadonlySet<string>,
): Promise<string[]> {
    const fix = "name at least one: sallyport kube connect NAME";
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
        throw new CommandError(Exit.usage, "no cluster is named", fix);
    }
    const isLiked = (cluster: DiscoveredCluster) => [...liked].some((name) => isCalled(cluster, name));
    const reachable = known.filter(({ hostname, server }) => hostname !== undefined && server !== undefined);
    if (reachable.length === 0) {
        throw new CommandError(
            Exit.usage,
            "no tunnel leads to any known cluster",
            "look for some: sallyport kube discover",
        );
    }
    const chosen = await multiselect({
        message: "Clusters to connect to",
        output: process.stderr,
        options: reachable
            .toSorted((a, b) => Number(isLiked(b)) - Number(isLiked(a)) || (a.name < b.name ? -1 : 1))
            .map((cluster) => ({
                value: cluster.hostname as string,
                label: isLiked(cluster) ? `★ ${cluster.name}` : cluster.name,
                hint: cluster.sources.join(", "),
            })),
    });
    if (isCancel(chosen)) {
        throw new CommandError(Exit.usage, "no cluster was chosen", fix);
    }
    return chosen;
}
