import { type Condition, type Selector, SelectorKind } from "./model.ts";
import type { DeclaredResource, ResourceIndex } from "./resources.ts";
import { type RuleLists, rulesIn, titleOf } from "./selectors.ts";

/** Somebody whom a list of rules lets in, and what that takes. */
export interface Admitted {
    readonly who: Selector;
    readonly conditions: readonly Condition[];
}

/** Groups that are being looked into already: one that is reached again through itself says nothing more. */
type Open = ReadonlySet<DeclaredResource>;

/** Whom `includes` lets in, each with what `requires` and `excludes` add, groups looked into. */
export function admitted(index: ResourceIndex, lists: RuleLists): Admitted[] {
    const conditions = conditionsOf(index, lists, new Set());
    return includedIn(index, lists, new Set()).map(({ who, conditions: inner }) => ({
        who,
        conditions: [...inner, ...conditions],
    }));
}

function includedIn(index: ResourceIndex, lists: RuleLists, open: Open): Admitted[] {
    return rulesIn(index, lists, "includes").flatMap((rule) => {
        if ("anyOf" in rule) return rule.anyOf.map((who) => ({ who, conditions: [] }));
        const { group } = rule;
        if (open.has(group)) return [];
        const within = new Set(open).add(group);
        const conditions = conditionsOf(index, { owner: group }, within);
        return includedIn(index, { owner: group }, within).map(({ who, conditions: inner }) => ({
            who,
            conditions: [...inner, ...conditions],
        }));
    });
}

/** Every rule of `requires`, no rule of `excludes`. */
function conditionsOf(index: ResourceIndex, lists: RuleLists, open: Open): Condition[] {
    const required = rulesIn(index, lists, "requires").flatMap((rule): Condition[] => {
        if ("anyOf" in rule) return [{ demand: "only", anyOf: rule.anyOf }];
        const { group } = rule;
        if (open.has(group)) return [{ demand: "only", anyOf: [opaque(group)] }];
        const within = new Set(open).add(group);
        return [
            { demand: "only", anyOf: alternatives(index, group, within) },
            ...conditionsOf(index, { owner: group }, within),
        ];
    });
    const excluded = rulesIn(index, lists, "excludes").flatMap((rule) =>
        "anyOf" in rule ? rule.anyOf : simple(index, rule.group, open),
    );
    // One condition for each: whoever is taken off the list of exceptions is a change by itself.
    return [...required, ...excluded.map((selector) => ({ demand: "except" as const, anyOf: [selector] }))];
}

/** Whom a group includes, any one of whom will do. */
function alternatives(index: ResourceIndex, group: DeclaredResource, open: Open): Selector[] {
    return rulesIn(index, { owner: group }, "includes").flatMap((rule) =>
        "anyOf" in rule ? rule.anyOf : simple(index, rule.group, open),
    );
}

/** The members of a group that has no conditions of its own; else the group by its name, which nobody can see through. */
function simple(index: ResourceIndex, group: DeclaredResource, open: Open): Selector[] {
    const within = new Set(open).add(group);
    return open.has(group) || conditionsOf(index, { owner: group }, within).length > 0
        ? [opaque(group)]
        : alternatives(index, group, within);
}

function opaque(group: DeclaredResource): Selector {
    return { kind: SelectorKind.AccessGroup, value: titleOf(group) };
}
