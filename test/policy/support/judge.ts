import {
    type Policy,
    type PolicyResource,
    type ResourceValidationArgs,
    UnknownValueError,
    unknownCheckingProxy,
} from "@pulumi/policy";
import { toPolicy } from "../../../policy/policies.ts";
import type { Rule } from "../../../policy/rule.ts";

/**
 * What the engine sends in place of a value that a preview does not know (`UnknownStringValue` of the resource
 * protocol).
 */
export const UNKNOWN_ON_THE_WIRE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource as a test writes it down. */
export interface Described {
    readonly type: string;
    readonly name: string;
    readonly props: Readonly<Record<string, unknown>>;
    /** For a property, the names of the resources whose outputs went into it. */
    readonly from?: Readonly<Record<string, readonly string[]>>;
    /** Type of the component that made it; omitted means that the program did. */
    readonly parent?: string;
    /** Stack that the resource belongs to; `staging` if omitted. */
    readonly stack?: string;
}

export interface Violation {
    readonly rule: string;
    readonly message: string;
    readonly urn: string | undefined;
}

/** What came of running rules. */
export interface Outcome {
    readonly violations: readonly Violation[];
    /** Reasons for which the rule called itself not applicable. */
    readonly notApplicable: readonly string[];
    /**
     * Complaints of the SDK that the rule touched an unknown value: the engine would show advice instead of
     * violations.
     */
    readonly downgraded: readonly string[];
}

class NotApplicable extends Error {
    override readonly name = "NotApplicable";
}

export function urnOf({ stack = "staging", parent, type, name }: Described): string {
    return `urn:pulumi:${stack}::sallyport::${parent === undefined ? "" : `${parent}$`}${type}::${name}`;
}

/**
 * Runs rules as the engine would: each resource past every policy, behind the SDK's own check for unknown values,
 * then the whole stack.
 */
export async function run(
    rules: readonly Rule[],
    resources: readonly Described[],
    config: Readonly<Record<string, unknown>> = {},
    now = new Date("2026-11-22T12:00:00Z"),
): Promise<Outcome> {
    const outcome = { violations: [] as Violation[], notApplicable: [] as string[], downgraded: [] as string[] };
    const attempt = async (call: () => unknown): Promise<void> => {
        try {
            await call();
        } catch (error) {
            if (error instanceof NotApplicable) outcome.notApplicable.push(error.message);
            else if (error instanceof UnknownValueError) outcome.downgraded.push(String(error));
            else throw error;
        }
    };
    const policies = rules.map((rule) => toPolicy(rule, () => now));
    const common = (policy: Policy) => ({
        getConfig: <T>() => ({ ...defaults(policy.configSchema?.properties), ...config }) as T,
        notApplicable: (reason = ""): never => {
            throw new NotApplicable(reason);
        },
        stackTags: new Map<string, string>(),
    });
    for (const resource of resources.map(asPolicyResource)) {
        for (const policy of policies) {
            const validate = "validateResource" in policy ? policy.validateResource : undefined;
            if (typeof validate !== "function" || !concerns(validate, resource)) continue;
            const args: ResourceValidationArgs = { ...resource, ...common(policy), asType: () => undefined };
            const report = (message: string) =>
                void outcome.violations.push({ rule: policy.name, message, urn: resource.urn });
            await attempt(() => validate(args, report));
        }
    }
    for (const policy of policies) {
        if (!("validateStack" in policy)) continue;
        const report = (message: string, urn?: string) =>
            void outcome.violations.push({ rule: policy.name, message, urn });
        await attempt(() => policy.validateStack({ ...common(policy), resources: connect(resources) }, report));
    }
    return outcome;
}

/** The SDK's server passes over resources of other types where it knows a policy's one type. */
function concerns(validate: object, { type }: PolicyResource): boolean {
    return !("__pulumiType" in validate) || validate.__pulumiType === type;
}

function connect(resources: readonly Described[]): PolicyResource[] {
    const converted = resources.map(asPolicyResource);
    const byName = (name: string) => {
        const found = converted.find((resource) => resource.name === name);
        if (found === undefined) throw new Error(`No resource '${name}' is described.`);
        return found;
    };
    for (const [index, { from = {} }] of resources.entries()) {
        for (const [property, names] of Object.entries(from)) {
            const resource = converted[index];
            if (resource !== undefined) resource.propertyDependencies[property] = names.map(byName);
        }
    }
    return converted;
}

function asPolicyResource(resource: Described): PolicyResource {
    const { type, name, props } = resource;
    return {
        type,
        name,
        urn: urnOf(resource),
        props: unknownCheckingProxy(structuredClone(props) as Record<string, unknown>),
        opts: {
            protect: false,
            ignoreChanges: [],
            aliases: [],
            additionalSecretOutputs: [],
            customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
        },
        dependencies: [],
        propertyDependencies: {},
        isType: (resourceClass) => "__pulumiType" in resourceClass && resourceClass.__pulumiType === type,
        asType: () => undefined,
    };
}

/** The engine fills in a schema's defaults before it configures the pack. */
function defaults(properties: Readonly<Record<string, { default?: unknown }>> = {}): Record<string, unknown> {
    return Object.fromEntries(
        Object.entries(properties)
            .filter(([, schema]) => schema.default !== undefined)
            .map(([key, schema]) => [key, schema.default]),
    );
}
