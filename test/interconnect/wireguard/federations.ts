import fc from "fast-check";
import type { Federation, FederationNode } from "../../../components/index.ts";

/** Nodes with sites, as they come and go: names are unique, order is whatever it is. */
export const someNodes: fc.Arbitrary<FederationNode[]> = fc.uniqueArray(
    fc.record({
        name: fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/),
        site: fc.constantFrom("a", "b", "c"),
        address: fc.constantFrom("2001:db8::1", undefined),
    }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 12 },
);

/** A federation in which every node runs a service that every other uses, and one relay stands apart. */
export function everybodyWithEverybody(nodes: readonly FederationNode[]): Federation {
    const sites = [...new Set(nodes.map(({ site }) => site))];
    return {
        name: "commons",
        sites: [
            ...sites.map((name) => ({
                name,
                owner: name,
                nat: true,
                nodes: nodes.filter(({ site }) => site === name).map(({ site: _, ...node }) => node),
            })),
            { name: "hub", owner: "hub", nodes: [{ name: "hub-1", address: "2001:db8:ffff::1", relay: true }] },
        ],
        services: nodes.map(({ name, site }) => ({ name: `on-${name}`, site, nodes: [name], port: 80 })),
        intentions: nodes.flatMap(({ name: from }) =>
            nodes.filter(({ name }) => name !== from).map(({ name: to }) => ({ from: `on-${from}`, to: `on-${to}` })),
        ),
    };
}
