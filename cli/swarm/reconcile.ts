import { exposureName, type LabelledService } from "../../stacks/labels.ts";

/** A service that is to be exposed, with the revision of what its small stack is made from. */
export interface WantedExposure {
    service: LabelledService;
    revision: string;
}

/** What is to be done so that exposures are what labels ask for. */
export interface ReconcilePlan {
    /** Exposures of services that are gone or may not be exposed, by name. They go first. */
    remove: string[];
    /** Services whose exposure is missing, or is made from something else. */
    up: LabelledService[];
    /** Names of exposures that are as they are to be. */
    same: string[];
}

/**
 * Compares what is to be with what is, whatever happened in between.
 *
 * @param present revisions of the exposures that have a stack, by name; undefined for one that is not known to be complete.
 */
export function reconcilePlan(
    wanted: readonly WantedExposure[],
    present: ReadonlyMap<string, string | undefined>,
): ReconcilePlan {
    const named = wanted.map((one) => ({ ...one, name: exposureName(one.service.name) }));
    const names = new Set(named.map(({ name }) => name));
    const isSame = ({ name, revision }: (typeof named)[number]) => present.get(name) === revision;
    return {
        remove: [...present.keys()].filter((name) => !names.has(name)).sort(),
        up: named.filter((one) => !isSame(one)).map(({ service }) => service),
        same: named.filter(isSame).map(({ name }) => name),
    };
}
