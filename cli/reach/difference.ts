import { grantKey } from "./graph.ts";
import type { AccessGraph, Grant, Way } from "./model.ts";
import { targetWords, throughWords, unique, wayWords, whoWords } from "./words.ts";

/** A grant in words, a part of the command line's contract. */
export interface GrantWords {
    /** `people of @example.com`. */
    who: string;
    /** `grafana.example.com (http://grafana:3000)`. */
    what: string;
    /** `policy staging-staff, tunnel sallyport-staging`. */
    through: string;
    /** How long a login lasts. */
    session: string;
    /** What it takes besides; of several ways in, each by itself. */
    conditions: string[];
}

/** What a reviewer must know: who gains and who loses reach to what, and for whom it takes something else than before. */
export interface AccessDifference {
    gained: GrantWords[];
    lost: GrantWords[];
    /** The same pair of who and what under other terms. */
    changed: { who: string; what: string; through: string; from: string; to: string }[];
}

/** Names of policies, tunnels and resources are no part of it, nor is any order: renaming changes nobody's reach. */
export function compareAccess(before: AccessGraph, after: AccessGraph): AccessDifference {
    const old = new Map(before.grants.map((grant) => [grantKey(grant), grant]));
    const now = new Map(after.grants.map((grant) => [grantKey(grant), grant]));
    return {
        gained: after.grants.filter((grant) => !old.has(grantKey(grant))).map(grantWords),
        lost: before.grants.filter((grant) => !now.has(grantKey(grant))).map(grantWords),
        changed: after.grants.flatMap((grant) => {
            const previous = old.get(grantKey(grant));
            if (previous === undefined) return [];
            const [from, to] = onlyIn(termsOf(previous), termsOf(grant));
            const changes = from.length > 0 || to.length > 0;
            return changes ? [{ ...namesOf(grant), from: inOne(from), to: inOne(to) }] : [];
        }),
    };
}

export function grantWords(grant: Grant): GrantWords {
    const sessions = unique(grant.ways.map(({ session }) => session));
    return {
        ...namesOf(grant),
        session: sessions.join(" or "),
        conditions: unique(grant.ways.map((way) => wayWords(way).join(", "))).filter((words) => words !== ""),
    };
}

function namesOf(grant: Grant): { who: string; what: string; through: string } {
    return { who: whoWords(grant.who), what: targetWords(grant.target), through: throughWords(grant) };
}

/** The terms of a grant, part by part, so that a difference names only what differs. */
function termsOf({ ways, target: { origin } }: Grant): string[] {
    const conditions = ways.map(wayWords);
    return [
        `session ${unique(ways.map(({ session }) => session)).join(" or ")}`,
        ...(conditions.length === 1 ? (conditions[0] ?? []) : severalWays(ways)),
        ...(origin === undefined ? [] : [`leads to ${origin}`]),
    ];
}

/** Any one of several ways is enough, so each is told as a whole. */
function severalWays(ways: readonly Way[]): string[] {
    return unique(ways.map((way) => `${wayWords(way).join(", ") || "no condition"} for ${way.session}`));
}

function inOne(terms: readonly string[]): string {
    return terms.join("; ") || "no such condition";
}

/** What is in one list and not in the other, both ways. */
function onlyIn(before: readonly string[], after: readonly string[]): [string[], string[]] {
    return [before.filter((term) => !after.includes(term)), after.filter((term) => !before.includes(term))];
}
