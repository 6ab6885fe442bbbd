import type { PolicyConfigSchema, Severity } from "@pulumi/policy";

/** A resource as the engine describes it. Its properties are read through `values.ts` only. */
export interface Resource {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** The inputs, for a resource rule; the outputs, for a stack rule. */
    readonly props: Readonly<Record<string, unknown>>;
}

/** A resource of the finished plan or stack, with what it was made from. */
export interface StackResource extends Resource {
    /** For each property, the resources whose outputs went into it. Known even where the value is not. */
    readonly propertyDependencies: Readonly<Record<string, readonly Resource[]>>;
}

/** Something that a rule does not allow. */
export interface Finding {
    /** What is wrong: one sentence with the name of the resource and the value. */
    readonly wrong: string;
    /** What to write instead: one sentence. */
    readonly instead: string;
    /** Host name that the finding is about, where one resource carries many: a waiver can single it out. */
    readonly hostname?: string;
    /** What makes it right, where the rule has a `remediation`. Only what is known may be written to. */
    readonly edits?: readonly Edit[];
}

/** One change to the inputs of a resource. */
export interface Edit {
    readonly path: readonly (string | number)[];
    readonly value: unknown;
}

/** A finding of a stack rule, at the resource that has to change. */
export interface StackFinding extends Finding {
    readonly resource: Resource;
}

/** What the pack's configuration gives a rule, its schema's defaults filled in. */
export type RuleConfig = Readonly<Record<string, unknown>>;

interface RuleMetadata {
    /** Identifies the rule in messages and in the pack's configuration: kebab-case, never changed. */
    readonly name: string;
    /** What the rule demands, in one sentence. */
    readonly description: string;
    readonly severity: Severity;
    /** `advisory` is shown and stops nothing: for what is worth knowing before it is wrong. `mandatory` if omitted. */
    readonly level?: "advisory" | "mandatory";
    /** How to comply. */
    readonly remediationSteps: string;
    /** Settings beside `waivers`, which every rule takes. */
    readonly configSchema?: PolicyConfigSchema["properties"];
}

/** Judges resources of a type by their inputs, each before it is created or changed. */
export interface ResourceRule extends RuleMetadata {
    /**
     * Type token of the resources that the rule judges; it never sees another. One wherever possible: the SDK then
     * passes over all other resources without reading them, at a tenth of the price.
     */
    readonly type: string | readonly string[];
    /**
     * What the pack changes by itself where a configuration gives the rule the level `remediate`: one sentence. Only for what
     * follows from the inputs alone, shuts rather than opens, and takes nothing away that worked. Each finding then has its `edits`.
     */
    readonly remediation?: string;
    judge(resource: Resource, config: RuleConfig): readonly Finding[];
}

/** Judges what only several resources together show, at the end of a preview or an update. */
export interface StackRule extends RuleMetadata {
    judgeStack(resources: readonly StackResource[], config: RuleConfig, now: Date): readonly StackFinding[];
}

export type Rule = ResourceRule | StackRule;
