import type { Figure } from "../report.ts";
import { lineThrough, type ScaleData, type SizedCost } from "./data.ts";

/** Requests that Cloudflare's API takes from one user or account token in five minutes (developers.cloudflare.com/fundamentals/api/reference/limits). */
export const API_REQUESTS = 1200;

/**
 * What is asked of the numbers: nothing grows faster than the applications, and no operation of a stack of usual size is refused by the API. Of
 * parts that were not measured, nothing.
 */
export function figuresOf({ sizes, deployment, fleet }: Partial<ScaleData>): Figure[] {
    return [
        ...(sizes === undefined ? [] : growths(sizes)),
        ...(deployment === undefined ? [] : requestsAgainstLimit(deployment)),
        ...(sizes === undefined || fleet === undefined ? [] : [sideBySide(fleet, sizes)]),
    ];
}

function growths(sizes: readonly SizedCost[]): Figure[] {
    return [
        growth(sizes, { what: "processor time", unit: "ms", of: ({ processorSeconds }) => processorSeconds * 1000 }),
        growth(sizes, { what: "memory of all processes", unit: "MiB", of: ({ sumMiB }) => sumMiB }),
    ];
}

function requestsAgainstLimit({ apps, up, refresh }: ScaleData["deployment"]): Figure[] {
    const first = `first deployment of ${apps} apps: requests to the API against what it takes in five minutes`;
    return [againstLimit(first, up.requests), againstLimit(`refresh of ${apps} apps: the same`, refresh.requests)];
}

function sideBySide({ apps, parallel, stacks }: ScaleData["fleet"], sizes: readonly SizedCost[]): Figure {
    const alone = lineThrough(sizes, ({ processorSeconds }) => processorSeconds);
    return {
        what: `${apps} apps in ${stacks.length} stacks, ${parallel} at a time: processor time against the same previews alone`,
        ours: stacks.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0),
        theirs: stacks.reduce((sum, stack) => sum + alone.fixed + alone.each * stack.apps, 0),
        unit: "s",
    };
}

/** What an application adds in a large stack, against what it adds in a middling one; both beyond what the smallest costs. */
function growth(
    sizes: readonly SizedCost[],
    { what, unit, of }: { what: string; unit: string; of: (cost: SizedCost) => number },
): Figure {
    const ordered = sizes.toSorted((one, other) => one.apps - other.apps);
    const [smallest, middling, largest] = [ordered[0], ordered[Math.floor((ordered.length - 1) / 2)], ordered.at(-1)];
    if (smallest === undefined || middling === undefined || largest === undefined || middling === smallest) {
        throw new Error("It takes three sizes to tell how something grows.");
    }
    const eachUpTo = (size: SizedCost) => (of(size) - of(smallest)) / (size.apps - smallest.apps);
    return {
        what: `an app in a preview of ${largest.apps} against one of ${middling.apps}: ${what}`,
        ours: eachUpTo(largest),
        theirs: eachUpTo(middling),
        unit,
        target: 1.1,
    };
}

function againstLimit(what: string, requests: Readonly<Record<string, number>>): Figure {
    const made = Object.values(requests).reduce((sum, count) => sum + count, 0);
    return { what, ours: made, theirs: API_REQUESTS, unit: "requests", target: 1 };
}
