import type { CatalogueCluster } from "../../../stacks/config/clusterCatalogue.ts";
import type { ClusterSourceKind } from "../../../stacks/config/clusterSources.ts";
import type { LocalEdge } from "../../edgeProxy.ts";

/**
 * A cluster as a source tells of it. A catalogue knows all of it; a cloud knows the API server, and by a tag the host name. Without a
 * host name nothing of ours leads there.
 */
export interface FoundCluster extends Partial<Readonly<Omit<CatalogueCluster, "name" | "tags">>> {
    readonly name: string;
    readonly tags: Readonly<Record<string, string>>;
    /** The emulated edge that leads to it, in place of Cloudflare's. */
    readonly edge?: LocalEdge;
}

/** A cluster with where it was found: all sources, the one that tells most first. */
export interface DiscoveredCluster extends FoundCluster {
    readonly sources: readonly string[];
}

/** What a source says when it is asked: also half of it, with what the other half lacks. */
export interface Reading {
    readonly clusters: readonly FoundCluster[];
    readonly problems: readonly string[];
}

/** Somewhere that clusters are looked for. */
export interface ClusterSource {
    readonly name: string;
    readonly kind: ClusterSourceKind;
    /**
     * Asks it.
     *
     * @param signal aborts when its time is over; whatever is open then is closed.
     * @param limitMs that time, in milliseconds, for libraries that take no signal.
     * @throws when it says nothing at all; the message says why.
     */
    read(signal: AbortSignal, limitMs: number): Promise<Reading>;
}

/** What came of asking one source. */
export interface SourceAnswer extends Reading {
    readonly source: string;
    readonly kind: ClusterSourceKind;
    /** Whether it answered, if only in part. */
    readonly answered: boolean;
    /** When it was asked: milliseconds since 1970. */
    readonly at: number;
    readonly tookMs: number;
}
