import { sourceName } from "../../../stacks/config/clusterSources.ts";
import { adapterFor } from "./adapters.ts";
import { type CachedAnswer, digestOf, readCache, writeCache } from "./cache.ts";
import type { DiscoveredCluster, SourceAnswer } from "./cluster.ts";
import type { DiscoveryConfiguration } from "./configuration.ts";
import { discover } from "./discover.ts";
import { mergeClusters, newClusters } from "./merge.ts";

/** How long an answer is taken from the cache: one hour in milliseconds. */
const FRESH_FOR_MS = 3_600_000;
/** How long an answer is kept that nobody asks about: thirty days in milliseconds. */
const KEPT_FOR_MS = 2_592_000_000;
/** How long a source that failed is left alone: a minute in milliseconds. It may hang for its whole limit each time. */
const SPARED_FOR_MS = 60_000;

export interface ClusterOptions {
    readonly configuration: DiscoveryConfiguration;
    /** Ask every source, whatever the cache holds. */
    readonly refresh: boolean;
    /** Hears what a person should know on the way. */
    readonly note: (text: string) => void;
    /** Hears each answer when it comes. */
    readonly onAnswer?: (answer: SourceAnswer) => void;
    readonly now?: () => number;
}

/** The clusters that all sources tell of. */
export interface KnownClusters {
    readonly clusters: readonly DiscoveredCluster[];
    /** What each source said last, with when that was. */
    readonly answers: readonly CachedAnswer[];
    /** Those that the cache did not hold; none at a first time. */
    readonly added: readonly DiscoveredCluster[];
}

/** Every cluster that is known: from the cache while it is fresh, from the sources otherwise. What a source that fails now said before stays. */
export async function knownClusters(options: ClusterOptions): Promise<KnownClusters> {
    const { configuration, refresh, note, onAnswer = () => {}, now = Date.now } = options;
    const cached = readCache(note);
    const { sources, limitMs } = configuration;
    const before = (cached ?? []).filter(({ source, asked }) =>
        sources.some((one) => sourceName(one) === source && digestOf(one) === asked),
    );
    const stale = sources.filter((one) => {
        const last = before.find(({ source }) => source === sourceName(one));
        return refresh || last === undefined || !isFresh(last, now());
    });
    const asked = await discover(stale.map(adapterFor), { limitMs, onAnswer, now });
    const answers = sources.flatMap((one): CachedAnswer[] => {
        const name = sourceName(one);
        const last = before.find(({ source }) => source === name);
        const answer = asked.find(({ source }) => source === name);
        if (answer === undefined) {
            return last === undefined ? [] : [last];
        }
        const kept = answer.answered || last === undefined ? {} : { clusters: last.clusters, at: last.at };
        return [{ ...answer, ...kept, asked: digestOf(one), triedAt: answer.at }];
    });
    if (asked.length > 0) {
        // A source that is left out now, by a command that names another one, may be asked for again.
        const others = (cached ?? []).filter(
            ({ source, triedAt }) =>
                now() - triedAt < KEPT_FOR_MS && !answers.some((answer) => answer.source === source),
        );
        writeCache([...answers, ...others]);
    }
    const clusters = mergeClusters(answers);
    const added = cached === undefined ? [] : newClusters(mergeClusters(before), clusters);
    return { clusters, answers, added };
}

/** The clusters that were found last, without asking anybody. */
export function rememberedClusters(note: (text: string) => void): DiscoveredCluster[] {
    return mergeClusters(readCache(note) ?? []);
}

/** A clock that was set back makes nothing fresh for ever. */
function isFresh({ answered, triedAt }: CachedAnswer, now: number): boolean {
    const age = now - triedAt;
    return age >= 0 && age < (answered ? FRESH_FOR_MS : SPARED_FOR_MS);
}
