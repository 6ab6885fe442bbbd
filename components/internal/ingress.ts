import { isWildcard } from "../validation/hostnames.ts";

/** What decides which rule a request meets. */
export interface IngressMatch {
    hostname: string;
    path?: string;
}

/**
 * Orders rules so that the most specific comes first: cloudflared takes the first that matches.
 *
 * An exact host name goes before a wildcard, a wildcard of a deeper domain before one of a shallower (cloudflared's `*`
 * covers any number of labels), a path before none, and a longer path before a shorter. What is left is alphabetical,
 * so that the order in the program never shows.
 */
export function orderIngress<T extends IngressMatch>(rules: readonly T[]): T[] {
    return rules.toSorted(
        (a, b) =>
            Number(isWildcard(a.hostname)) - Number(isWildcard(b.hostname)) ||
            (isWildcard(a.hostname) ? depth(b.hostname) - depth(a.hostname) : 0) ||
            compareText(a.hostname, b.hostname) ||
            depth(b.path ?? "", "/") - depth(a.path ?? "", "/") ||
            compareText(a.path ?? "", b.path ?? ""),
    );
}

/** For each rule that repeats another's host name and path: its index and that of the first. */
export function repeatedIngress(rules: readonly IngressMatch[]): { index: number; first: number }[] {
    const seen = new Map<string, number>();
    const repeated: { index: number; first: number }[] = [];
    for (const [index, { hostname, path }] of rules.entries()) {
        const key = `${hostname}${path ?? ""}`;
        const first = seen.get(key);
        if (first === undefined) seen.set(key, index);
        else repeated.push({ index, first });
    }
    return repeated;
}

function depth(text: string, separator = "."): number {
    return text.split(separator).length;
}

/** By code unit: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
    return a < b ? -1 : Number(a > b);
}
