import { type AccessGraph, type Grant, SelectorKind, type Target, TargetKind } from "../model.ts";
import { unique, wayWords, whoWords } from "../words.ts";

/** A graph to draw: who on one side, what on the other, with the tunnels around what they lead to. */
export interface Drawing {
    readonly who: readonly WhoNode[];
    readonly tunnels: readonly TunnelBox[];
    readonly edges: readonly Edge[];
}

export interface WhoNode {
    readonly id: string;
    /** Everybody who reaches the same things in the same ways. */
    readonly names: readonly string[];
    readonly kind: "people" | "machines" | "everybody";
}

export interface TargetNode {
    readonly id: string;
    readonly name: string;
    readonly kind: TargetKind;
    readonly origin: string | undefined;
}

export interface TunnelBox {
    readonly id: string;
    /** Name of the tunnel; undefined around what no tunnel of the stack leads to. */
    readonly name: string | undefined;
    readonly targets: readonly TargetNode[];
}

export interface Edge {
    readonly from: string;
    readonly to: string;
    /** What it takes: session and conditions, of each way. */
    readonly terms: readonly string[];
}

/** More names in one node than anybody reads; the rest is counted. */
const MAX_NAMES = 8;

/** Brings a graph into the form in which it is drawn. Ids are made from places in sorted lists, so that equal graphs are drawn alike. */
export function drawingOf({ targets, grants }: AccessGraph): Drawing {
    const targetIds = new Map(targets.map(({ name }, place) => [name, `target${place}`]));
    const byWho = Map.groupBy(grants, ({ who }) => whoWords(who));
    const alike = [...Map.groupBy(byWho, ([, own]) => JSON.stringify(own.map(reachWords))).values()];
    const who = alike.map((members, place) => {
        const names = members.map(([name]) => name).toSorted();
        const shown =
            names.length > MAX_NAMES ? [...names.slice(0, MAX_NAMES), `and ${names.length - MAX_NAMES} more`] : names;
        const [, [first] = []] = members[0] ?? [];
        return { id: `who${place}`, names: shown, kind: kindOf(first) };
    });
    const edges = alike.flatMap((members, place) =>
        (members[0]?.[1] ?? []).map((grant) => ({
            from: `who${place}`,
            to: targetIds.get(grant.target.name) ?? "",
            terms: termsOf(grant),
        })),
    );
    const tunnels = [...Map.groupBy(targets, ({ tunnel }) => tunnel)].map(([name, led], place) => ({
        id: `tunnel${place}`,
        name,
        targets: led.map((target) => nodeOf(target, targetIds)),
    }));
    return { who, tunnels, edges };
}

/** What a way takes, in one text: `24h, authenticated by mfa`. */
export function termsOf({ ways }: Grant): string[] {
    return unique(ways.map((way) => [way.session, ...wayWords(way)].join(", ")));
}

function reachWords(grant: Grant): [string, string[]] {
    return [grant.target.name, termsOf(grant)];
}

const MACHINES: ReadonlySet<SelectorKind> = new Set([
    SelectorKind.ServiceToken,
    SelectorKind.AnyServiceToken,
    SelectorKind.Certificate,
    SelectorKind.CertificateName,
    SelectorKind.ApplicationToken,
]);

function kindOf(grant: Grant | undefined): WhoNode["kind"] {
    if (grant === undefined || grant.who.kind === SelectorKind.Everyone) return "everybody";
    return MACHINES.has(grant.who.kind) ? "machines" : "people";
}

function nodeOf({ name, kind, origin }: Target, ids: ReadonlyMap<string, string>): TargetNode {
    return { id: ids.get(name) ?? "", name, kind, origin };
}

/** Kinds of targets in words, where the name alone does not show it. */
export const TARGET_WORDS: Readonly<Record<TargetKind, string>> = {
    [TargetKind.Web]: "web",
    [TargetKind.Tcp]: "TCP",
    [TargetKind.Network]: "network",
    [TargetKind.PrivateHostname]: "private host name",
    [TargetKind.Cluster]: "cluster",
};
