import type { Problem } from "../internal/problems.ts";
import { textProblem } from "../validation/index.ts";
import { OWN_LABELS } from "./labelledService.ts";

/** What a route says, by the last part of its label. */
export const ROUTE_KEYS = ["hostname", "port", "scheme", "path", "audience", "session", "tls", "middlewares"] as const;
export type RouteKey = (typeof ROUTE_KEYS)[number];

/** A label with its value, for messages that name it. */
export interface Label {
    path: string;
    value: string;
}

/** The labels of one route; what an indexed route leaves out stands without an index for all of them. */
export interface RouteLabels {
    /** Where a missing label of this route would stand: `sallyport.` or `sallyport.0.`. */
    prefix: string;
    labels: Partial<Record<RouteKey, Label>>;
}

/** The labels of a service, read. */
export interface ReadLabels {
    /** Whether the service asks for anything at all. */
    asks: boolean;
    /** Name of the network on which its connector meets it, where it says one. */
    network?: Label;
    routes: RouteLabels[];
    problems: Problem[];
}

/** Characters of a value. The longest that means anything is a host name (253). */
const MAX_VALUE = 300;
/** Labels of ours on one service: ten routes with everything that they can say, and what is said of the service itself. */
const MAX_LABELS = 10 * ROUTE_KEYS.length + 4;

const KEYS: ReadonlySet<string> = new Set(ROUTE_KEYS);

/**
 * Reads the `sallyport.*` labels of a service. A label that means nothing is a mistake, however near it is to one that does: it may have been
 * meant to keep somebody out.
 */
export function readLabels(all: Readonly<Record<string, string>>): ReadLabels {
    const ours = Object.entries(labelsOfOurs(all));
    const own = ours.filter(([label]) => isOwn(label));
    if (ours.length === own.length || all["sallyport.enable"] === "false") {
        return { asks: false, routes: [], problems: [] };
    }
    if (ours.length > MAX_LABELS) {
        const reason = `has ${ours.length} labels. Write at most ${MAX_LABELS}.`;
        return { asks: true, routes: [], problems: [{ path: "sallyport", reason }] };
    }
    const problems: Problem[] = own.map(([path]) => ({
        path,
        reason: "is the mark of what Sallyport itself made. Remove it.",
    }));
    const values = new Map<string, Label>();
    for (const [label, value] of ours) {
        const reason = unreadable(label, value);
        if (reason === undefined) values.set(label, { path: label, value });
        else problems.push({ path: readablePath(label), reason });
    }
    problems.push(...enableProblems(all["sallyport.enable"]));
    const { routes, unknown } = routesOf(values);
    problems.push(...unknown, ...overriddenProblems(routes, values));
    const network = values.get("sallyport.network");
    return { asks: true, ...(network === undefined ? {} : { network }), routes, problems };
}

/** The labels that {@link readLabels} reads, without those of others. */
export function labelsOfOurs(all: Readonly<Record<string, string>>): Record<string, string> {
    return Object.fromEntries(Object.entries(all).filter(([label]) => isOurs(label)));
}

/** Whatever begins like one of ours, in any case: docker itself tells labels apart by case. */
function isOurs(label: string): boolean {
    return /^sallyport($|\.)/i.test(label);
}

function isOwn(label: string): boolean {
    return label === OWN_LABELS.stack || label === OWN_LABELS.exposure;
}

function unreadable(label: string, value: string): string | undefined {
    if (readablePath(label) !== label) return "is no label of Sallyport. Remove it.";
    if (value.length > MAX_VALUE) return `has ${value.length} characters. Write at most ${MAX_VALUE}.`;
    return textProblem(value);
}

/** The label itself where it can stand in a line of text; else what of it can. */
function readablePath(label: string): string {
    return /^[\x21-\x7e]{1,100}$/.test(label) ? label : label.replace(/[^\x21-\x7e]/g, "?").slice(0, 100);
}

function enableProblems(enable: string | undefined): Problem[] {
    if (enable === "true") return [];
    const path = "sallyport.enable";
    const reason =
        enable === undefined
            ? 'is missing. Write "true" to expose the service, or remove its other labels of Sallyport.'
            : 'is neither "true" nor "false". Write one of them.';
    return [{ path, reason }];
}

function routesOf(values: ReadonlyMap<string, Label>): { routes: RouteLabels[]; unknown: Problem[] } {
    const plain: RouteLabels = { prefix: "sallyport.", labels: {} };
    const indexed = new Map<string, RouteLabels>();
    const unknown: Problem[] = [];
    for (const [name, label] of values) {
        if (name === "sallyport.enable" || name === "sallyport.network" || isOwn(name)) continue;
        const [, index, key = ""] = /^sallyport\.(?:([0-9])\.)?([a-z]+)$/.exec(name) ?? [];
        if (!isRouteKey(key)) {
            unknown.push({ path: name, reason: unknownLabel(name) });
        } else if (index === undefined) {
            plain.labels[key] = label;
        } else {
            const route = indexed.get(index) ?? { prefix: `sallyport.${index}.`, labels: {} };
            route.labels[key] = label;
            indexed.set(index, route);
        }
    }
    if (indexed.size === 0) return { routes: [plain], unknown };
    const routes = [...indexed.entries()]
        .toSorted(([a], [b]) => Number(a) - Number(b))
        .map(([, { prefix, labels }]) => ({ prefix, labels: { ...plain.labels, ...labels } }));
    return { routes, unknown };
}

function isRouteKey(key: string): key is RouteKey {
    return KEYS.has(key);
}

function unknownLabel(name: string): string {
    const lower = name.toLowerCase();
    if (lower !== name) return `is no label of Sallyport, which are in lower case. Write ${lower}, or remove it.`;
    if (/^sallyport\.[0-9]{2,}\./.test(name)) return "has an index beyond the last one. Write one from 0 to 9.";
    return `is no label of Sallyport. Write sallyport.enable, .network, .${ROUTE_KEYS.join(", .")}, or one of a route such as sallyport.0.hostname.`;
}

/** A label that every route has for itself holds nowhere, whoever wrote it thought otherwise. */
function overriddenProblems(routes: readonly RouteLabels[], values: ReadonlyMap<string, Label>): Problem[] {
    return ROUTE_KEYS.flatMap((key) => {
        const path = `sallyport.${key}`;
        const holds = !values.has(path) || routes.some(({ labels }) => labels[key]?.path === path);
        return holds ? [] : [{ path, reason: `has no effect: every route has its own ${key}. Remove it.` }];
    });
}
