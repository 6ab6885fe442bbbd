import type { Problem } from "./problems.ts";

/**
 * Every mistake in arguments that have one sub-object per kind: the kind's own must be there, and no other may be.
 *
 * @param kind What the user chose; programs in plain JavaScript and YAML may have chosen nothing that exists.
 * @param properties The sub-object that belongs to each kind; `undefined` for a kind that takes none.
 * @param optional Sub-objects that may be left out: their kind is complete without.
 */
export function variantProblems<Kind extends string>(
    args: object,
    kind: Kind,
    properties: Readonly<Record<Kind, string | undefined>>,
    optional: readonly string[] = [],
): Problem[] {
    if (!Object.hasOwn(properties, kind)) {
        const known = Object.keys(properties).join(", ");
        return [{ path: "kind", reason: `${JSON.stringify(kind)} is unknown. Write one of ${known}.` }];
    }
    const own = properties[kind];
    const given = new Map(Object.entries(args).filter(([, value]) => value !== undefined));
    const missing =
        own !== undefined && !given.has(own) && !optional.includes(own)
            ? [{ path: own, reason: `is missing. The kind "${kind}" is described by it.` }]
            : [];
    const foreign = Object.values<string | undefined>(properties)
        .filter((property) => property !== undefined)
        .filter((property) => property !== own && given.has(property));
    return [
        ...missing,
        ...[...new Set(foreign)].map((path) => ({
            path,
            reason: `does not belong to the kind "${kind}". Remove it${own === undefined ? "" : `, or write "${own}"`}.`,
        })),
    ];
}
