import { hostnameProblem } from "../../../stacks/config/values.ts";
import type { FoundCluster, Reading } from "./cluster.ts";

/**
 * The tag, or label, whose value is a cluster's host name or the first label of it.
 *
 * The key is good in every cloud: GKE takes lower-case letters, digits, "-" and "_" alone, so that a value there cannot have the dots of a
 * whole name (cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels); Azure refuses `<>%&\?/` in keys and does not tell
 * upper from lower case there.
 */
export const HOSTNAME_TAG = "sallyport-hostname";

/** What a cloud tells of a cluster. */
export interface TaggedCluster extends Omit<FoundCluster, "hostname"> {
    readonly tags: Readonly<Record<string, string>>;
}

/** Gives each cluster the host name that its tag says. A name outside the source's zone is not believed. */
export function withHostnames(clusters: readonly TaggedCluster[], zone: string): Reading {
    const problems: string[] = [];
    const found = clusters.map((cluster): FoundCluster => {
        const value = hostnameIn(cluster.tags)?.trim();
        if (value === undefined || value === "") {
            return cluster;
        }
        const hostname = value.includes(".") ? value : `${value}.${zone}`;
        const problem = hostnameProblem(hostname, { zone, wildcard: false });
        if (problem === undefined) {
            return { ...cluster, hostname };
        }
        problems.push(`${cluster.name}: the tag ${HOSTNAME_TAG}: ${problem}`);
        return cluster;
    });
    return { clusters: found, problems };
}

function hostnameIn(tags: Readonly<Record<string, string>>): string | undefined {
    return Object.entries(tags).find(([key]) => key.toLowerCase() === HOSTNAME_TAG)?.[1];
}
