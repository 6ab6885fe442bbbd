import type { Progress } from "../../toolchain/index.ts";
import type { TokenSource } from "../connect/credentials.ts";
import type { DiscoveredCluster, SourceAnswer } from "./discovery/cluster.ts";
import { knownClusters } from "./discovery/clusters.ts";
import type { DiscoveryConfiguration } from "./discovery/configuration.ts";
import { isCalled } from "./discovery/merge.ts";
import { favourites } from "./favourites.ts";
import { Access, askAccess, type Verdict } from "./verdict.ts";

export interface ListOptions {
    readonly configuration: DiscoveryConfiguration;
    readonly refresh: boolean;
    /** Somebody else, whose access is computed; one's own is asked for where omitted. */
    readonly as?: string | undefined;
    readonly serviceToken: TokenSource;
    readonly progress: Progress;
    readonly note: (text: string) => void;
    readonly now?: () => number;
}

/** A row of `sallyport kube ls --json`. */
export interface ListedCluster extends Verdict {
    readonly name: string;
    readonly hostname: string | null;
    readonly server: string | null;
    readonly favourite: boolean;
    readonly tags: Readonly<Record<string, string>>;
    readonly sources: readonly string[];
    /** When its sources told of it last, as RFC 3339 has it. */
    readonly toldAt: string;
}

/** A source of `sallyport kube ls --json`. */
export interface ListedSource extends Pick<SourceAnswer, "source" | "kind" | "answered" | "problems"> {
    readonly clusters: number;
    readonly toldAt: string;
}

export interface Listing {
    readonly clusters: readonly ListedCluster[];
    readonly sources: readonly ListedSource[];
}

/** Every cluster that is known, favourites first, with what Access says. */
export async function listClusters(options: ListOptions): Promise<Listing> {
    const { configuration, refresh, as, serviceToken, progress, note, now = Date.now } = options;
    const { clusters, answers } = await knownClusters({ configuration, refresh, note, now });
    const verdicts =
        as === undefined
            ? await asked(clusters, serviceToken, now())
            : await (await import("./verdictAs.ts")).verdictsAs(as, clusters, configuration.sources, progress);
    const liked = [...favourites()];
    const toldAt = new Map(answers.map(({ source, at }) => [source, at]));
    const rows = clusters.map((cluster): ListedCluster => {
        const { name, hostname = null, server = null, tags, sources } = cluster;
        const at = Math.max(...sources.map((source) => toldAt.get(source) ?? 0));
        const verdict = verdicts.get(cluster) ?? { access: Access.Unknown };
        const favourite = liked.some((one) => isCalled(cluster, one));
        return { name, hostname, server, favourite, ...verdict, tags, sources, toldAt: new Date(at).toISOString() };
    });
    return {
        clusters: rows.toSorted((a, b) => Number(b.favourite) - Number(a.favourite) || compare(a.name, b.name)),
        sources: answers.map(({ source, kind, answered, problems, clusters: found, at }) => ({
            ...{ source, kind, answered, problems },
            clusters: found.length,
            toldAt: new Date(at).toISOString(),
        })),
    };
}

/** The clusters that are worth a line unless somebody asks for all: not those that are shut, or that no tunnel leads to. */
export function isWithinReach({ access }: Pick<Verdict, "access">): boolean {
    return access !== Access.Refused && access !== Access.None;
}

async function asked(
    clusters: readonly DiscoveredCluster[],
    serviceToken: TokenSource,
    now: number,
): Promise<Map<DiscoveredCluster, Verdict>> {
    return new Map(
        await Promise.all(
            clusters.map(async (cluster) => [cluster, await askAccess(cluster, serviceToken, now)] as const),
        ),
    );
}

/** By code units, so that the order is the same everywhere. */
function compare(a: string, b: string): number {
    return a < b ? -1 : Number(a > b);
}

/** An age as people say it. */
export function ageWords(sinceMs: number): string {
    const minutes = Math.floor(sinceMs / 60_000);
    if (minutes < 1) {
        return "now";
    }
    const hours = Math.floor(minutes / 60);
    return hours < 1 ? `${minutes} min` : hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
