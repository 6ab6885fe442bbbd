/** What a preview, an update or a refresh took. */
export interface Cost {
    seconds: number;
    /** Processor time of all processes. */
    processorSeconds: number;
    /** Highest resident size of the largest process, in MiB. */
    largestMiB: number;
    /** Sum over all processes, in MiB. */
    sumMiB: number;
}

/** A preview of a stack with so many applications. */
export interface SizedCost extends Cost {
    apps: number;
    resources: number;
}

/** An operation on a deployed stack, with the requests that it made to the API by method. */
export interface ApiCost extends Cost {
    requests: Record<string, number>;
}

/** The parts of the bench, each of which can be run by itself. */
export const SCALE_PARTS = ["sizes", "deployment", "fleet"] as const;
export type ScalePart = (typeof SCALE_PARTS)[number];

/** All that `npm run bench -- scale` finds out; the plot is drawn from it. */
export interface ScaleData {
    /** One stack by itself, in several sizes. */
    sizes: SizedCost[];
    /** One stack at the emulated API, without Docker: made, previewed again, refreshed. */
    deployment: { apps: number; up: ApiCost; preview: ApiCost; refresh: ApiCost };
    fleet: {
        apps: number;
        accounts: number;
        /** How many previews ran at a time. */
        parallel: number;
        /** From the first preview's start to the last one's end. */
        seconds: number;
        stacks: (SizedCost & { name: string })[];
    };
}

/** A straight line through measurements: what there is without any application, and what each adds. */
export interface Line {
    fixed: number;
    each: number;
}

/** The line with the least squares of distances. At least two different sizes. */
export function lineThrough(sizes: readonly SizedCost[], of: (cost: SizedCost) => number): Line {
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [meanApps, meanCost] = [mean(sizes.map(({ apps }) => apps)), mean(sizes.map(of))];
    const covariance = sizes.reduce((sum, size) => sum + (size.apps - meanApps) * (of(size) - meanCost), 0);
    const variance = sizes.reduce((sum, { apps }) => sum + (apps - meanApps) ** 2, 0);
    const each = covariance / variance;
    return { fixed: meanCost - each * meanApps, each };
}
