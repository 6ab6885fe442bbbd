import type { Finding, Resource, ResourceRule, RuleConfig } from "../rule.ts";
import { unversioned } from "../tokens.ts";

/** A way in from outside that a resource opens. */
export interface Opening {
    /** What the resource does, as the rest of a sentence that begins with its name. */
    readonly does: string;
    /** What to write instead: one sentence. */
    readonly instead: string;
}

/** Finds the openings in the inputs of one type of resource. */
export type Check = (props: Resource["props"], config: RuleConfig) => readonly Opening[];

/** Checks by the type token that they are for. */
export type Checks = Readonly<Record<string, Check>>;

type ExposureRule = Omit<ResourceRule, "type" | "judge"> & { readonly checks: Checks };

/** A rule that is the same promise for resources of many types and providers. */
export function exposureRule({ checks, ...metadata }: ExposureRule): ResourceRule {
    return {
        ...metadata,
        type: Object.keys(checks),
        judge: (resource, config) => openings(checks, resource, config).map((opening) => finding(resource, opening)),
    };
}

function openings(checks: Checks, { type, props }: Resource, config: RuleConfig): readonly Opening[] {
    return checks[unversioned(type)]?.(props, config) ?? [];
}

function finding(resource: Resource, { does, instead }: Opening): Finding {
    return { wrong: `${subjectOf(resource)} ${does}.`, instead };
}

/** A resource as messages call it, by its class and name: `SecurityGroup 'web'`. */
export function subjectOf({ type, name }: Pick<Resource, "type" | "name">): string {
    return `${type.split(":").at(-1)} '${name}'`;
}

/** Joins checks of several files; a type that two of them claim would lose one, so it is an error. */
export function joined(...tables: readonly Checks[]): Checks {
    const all: Record<string, Check> = {};
    for (const [type, check] of tables.flatMap((table) => Object.entries(table))) {
        if (type in all) throw new Error(`Two checks are for ${type}. Write one.`);
        all[type] = check;
    }
    return all;
}

/** Several checks of one type of resource. */
export function both(...checks: readonly Check[]): Check {
    return (props, config) => checks.flatMap((check) => check(props, config));
}
