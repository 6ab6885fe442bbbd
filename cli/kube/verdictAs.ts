import { type ClusterSourceConfig, ClusterSourceKind, sourceName } from "../../stacks/config/clusterSources.ts";
import type { Progress } from "../../toolchain/index.ts";
import { reachedBy } from "../reach/browser/matching.js";
import { graphOfStack } from "../reach/sources.ts";
import { worded } from "../reach/worded.ts";
import type { DiscoveredCluster } from "./discovery/cluster.ts";
import { Access, type Verdict } from "./verdict.ts";

/**
 * What Access would say to somebody else, computed from the policies of the stacks that the clusters are in. A cluster that only a catalogue
 * or a cloud tells of has no policies here.
 */
export async function verdictsAs(
    person: string,
    clusters: readonly DiscoveredCluster[],
    sources: readonly ClusterSourceConfig[],
    progress: Progress,
): Promise<Map<DiscoveredCluster, Verdict>> {
    const reached = new Map<string, ReadonlyMap<string, Verdict>>();
    for (const source of sources) {
        if (source.kind === ClusterSourceKind.Stack) {
            reached.set(sourceName(source), await reachedIn(source.stack, person, progress));
        }
    }
    return new Map(clusters.map((cluster) => [cluster, verdictIn(reached, cluster)]));
}

/** What a person reaches in a stack, by host name. */
async function reachedIn(stack: string, person: string, progress: Progress): Promise<ReadonlyMap<string, Verdict>> {
    const { graph } = await graphOfStack(stack, { planned: false, progress });
    return new Map(
        reachedBy(worded(graph).grants, person).map(({ grant, certain, ways }): [string, Verdict] => [
            grant.target.name,
            certain
                ? { access: Access.Open }
                : {
                      access: Access.Conditional,
                      why: ways.map(({ conditions }) => conditions.join(" and ")).join("; or "),
                  },
        ]),
    );
}

function verdictIn(
    reached: ReadonlyMap<string, ReadonlyMap<string, Verdict>>,
    { hostname, sources }: DiscoveredCluster,
): Verdict {
    if (hostname === undefined) {
        return { access: Access.None };
    }
    const known = sources.flatMap((source) => reached.get(source) ?? []);
    if (known.length === 0) {
        return { access: Access.Unknown, why: "its policies are in no stack here" };
    }
    return known.flatMap((verdicts) => verdicts.get(hostname) ?? [])[0] ?? { access: Access.Refused };
}
