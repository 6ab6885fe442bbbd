import { z } from "zod";
import type { ConfigIssue } from "./configError.ts";

/** What Prometheus can ask for; omitted means nothing. */
export interface MetricsConfig {
    /** The connectors too, which then listen on every address of their containers; the proxies always. */
    connectors: boolean;
}

/** Last part of the name of the network, where an app's name stands in those of apps. */
export const METRICS_NETWORK = "metrics";

/** The same as zod checks it. */
export const metrics = z
    .strictObject(
        { connectors: z.boolean({ error: "is not a choice. Write true or false." }).default(false) },
        { error: 'is not a map. Write "{}" for the proxies, or "{ connectors: true }" for the connectors as well.' },
    )
    .optional();

/** What is wrong with figures beside the stack's apps. */
export function metricsIssues(
    config: MetricsConfig | undefined,
    apps: readonly { readonly name: string }[],
): ConfigIssue[] {
    const index = apps.findIndex(({ name }) => name === METRICS_NETWORK);
    if (config === undefined || index < 0) return [];
    const reason = `"${METRICS_NETWORK}" is the name of the network of sallyport:metrics. Write another name.`;
    return [{ path: `sallyport:apps[${index}].name`, reason }];
}
