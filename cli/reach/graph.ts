import { Token } from "../../policy/tokens.ts";
import { at, knownItems, text } from "../../policy/values.ts";
import { type Exposure, exposures } from "./hostnames.ts";
import { type AccessGraph, type Grant, type Selector, SelectorKind, type Target, TargetKind } from "./model.ts";
import { entrancesOf } from "./policies.ts";
import { privateGrants } from "./privateNetworks.ts";
import { type DeclaredResource, ResourceIndex } from "./resources.ts";
import { shownValue } from "./selectors.ts";
import { whoWords } from "./words.ts";

/**
 * Who reaches what, computed from the resources that decide it: Access applications, policies and groups, the tunnels' ingress rules and
 * private routes, Gateway's rules. A program made of raw resources is seen as well as one of components, and what a component is said to do
 * is never taken for what it does.
 */
export function accessGraph(resources: readonly DeclaredResource[]): AccessGraph {
    const index = new ResourceIndex(resources);
    const guarded = [...exposures(index), ...privateExposures(index)];
    const network = privateGrants(index);
    const grants = [...guarded.flatMap((exposure) => grantsTo(index, exposure)), ...network.grants];
    const targets = [...guarded.map(({ target }) => target), ...network.targets];
    return {
        targets: [...new Map(targets.map((target) => [target.name, target])).values()].toSorted(by(({ name }) => name)),
        grants: merged(grants),
    };
}

/** What tells grants apart: renaming a rule or a tunnel changes nobody's reach. */
export function grantKey({ who, target }: Grant): string {
    return `${target.name}\n${whoWords(who)}`;
}

function grantsTo(index: ResourceIndex, { target, guard, demanded }: Exposure): Grant[] {
    if (guard !== undefined) return entrancesOf(index, guard).map(({ who, way }) => ({ who, target, ways: [way] }));
    const anybody: Selector[] =
        demanded.length === 0
            ? [{ kind: SelectorKind.Everyone, value: "" }]
            : demanded.map((value) => ({ kind: SelectorKind.OtherApplication, value }));
    const rule = demanded.length === 0 ? "no Access application guards it" : "the connector demands its token";
    return anybody.map((who) => ({ who, target, ways: [{ rule, session: "without logging in", conditions: [] }] }));
}

/** Private addresses, host names and infrastructure targets that Access applications stand before. */
function privateExposures(index: ResourceIndex): Exposure[] {
    return index
        .ofType(Token.accessApplication)
        .flatMap((guard) => privateNames(guard).map((target) => ({ target, guard, demanded: [] })));
}

function privateNames({ props }: DeclaredResource): Target[] {
    const destinations = knownItems(at(props, "destinations"))
        .filter((destination) => at(destination, "type") === "private")
        .map((destination) => {
            const cidr = text(at(destination, "cidr"));
            const ports = text(at(destination, "portRange"));
            return {
                kind: cidr === undefined ? TargetKind.PrivateHostname : TargetKind.Network,
                name: `${cidr ?? shownValue(at(destination, "hostname"))}${ports === undefined ? "" : ` ports ${ports}`}`,
            };
        });
    const infrastructure = knownItems(at(props, "targetCriterias")).flatMap((criteria) =>
        knownItems(at(criteria, "targetAttributes", "hostname")).map((hostname) => ({
            kind: TargetKind.Tcp,
            name: `${shownValue(hostname)} ${shownValue(at(criteria, "protocol"))} port ${shownValue(at(criteria, "port"))}`,
        })),
    );
    return [...destinations, ...infrastructure];
}

/** Each pair of who and what once, with all its ways. */
function merged(grants: readonly Grant[]): Grant[] {
    const byKey = Map.groupBy(grants, grantKey);
    return [...byKey.values()]
        .flatMap(([first, ...others]) =>
            first === undefined ? [] : [{ ...first, ways: [first, ...others].flatMap(({ ways }) => ways) }],
        )
        .toSorted(by(grantKey));
}

function by<T>(key: (value: T) => string): (one: T, other: T) => number {
    return (one, other) => (key(one) < key(other) ? -1 : 1);
}
