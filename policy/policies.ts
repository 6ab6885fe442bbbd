import {
    type Policy,
    type ResourceRemediation,
    type ResourceValidation,
    type ResourceValidationPolicy,
    type StackValidationPolicy,
    validateResourceOfType,
} from "@pulumi/policy";
import type { Edit, Resource, ResourceRule, Rule, StackFinding, StackRule } from "./rule.ts";
import { unversioned } from "./tokens.ts";
import { readWaivers, sift, waiversSchema } from "./waivers.ts";

/** Tells the time against which waivers, and what expires, are held. */
export type Clock = () => Date;

/** Turns a rule into a policy of the pack: adds the `waivers` setting and reports what is not excused. */
export function toPolicy(
    rule: Rule,
    clock: Clock = () => new Date(),
): ResourceValidationPolicy | StackValidationPolicy {
    return "type" in rule ? toResourcePolicy(rule, clock) : toStackPolicy(rule, clock);
}

function metadata(rule: Rule): Policy {
    return {
        name: rule.name,
        description: rule.description,
        enforcementLevel: rule.level ?? "mandatory",
        severity: rule.severity,
        remediationSteps: rule.remediationSteps,
        configSchema: { properties: { ...rule.configSchema, waivers: waiversSchema } },
    };
}

function toResourcePolicy(rule: ResourceRule, clock: Clock): ResourceValidationPolicy {
    const validate: ResourceValidation = (args, reportViolation) => {
        const config = args.getConfig<Record<string, unknown>>();
        const { valid, malformed } = readWaivers(config);
        const { violations, waived } = sift(args, rule.judge(args, config), valid, clock());
        // Nobody can tell which resource a waiver was meant for that cannot be read: each one hears of it.
        for (const message of [...malformed, ...violations]) reportViolation(message);
        if (malformed.length + violations.length === 0 && waived.length > 0) args.notApplicable(waived.join("; "));
    };
    return {
        ...metadata(rule),
        validateResource: onlyFor(rule.type, validate),
        ...(rule.remediation !== undefined && { remediateResource: toRemediation(rule, clock) }),
    };
}

/**
 * Makes right what is not excused. The edits go into the inputs that the SDK handed over and not into a copy: those remember which
 * values are secret and which are not known yet.
 */
function toRemediation(rule: ResourceRule, clock: Clock): ResourceRemediation {
    return (args) => {
        if (!typesOf(rule).has(args.type)) return undefined;
        const config = args.getConfig<Record<string, unknown>>();
        const { standing } = sift(args, rule.judge(args, config), readWaivers(config).valid, clock());
        const edits = standing.flatMap((finding) => finding.edits ?? []);
        for (const edit of edits) write(args.props, edit);
        return edits.length === 0 ? undefined : args.props;
    };
}

function write(props: Record<string | number, unknown>, { path, value }: Edit): void {
    const [last, ...above] = path.toReversed();
    if (last === undefined) return;
    const holder = above.toReversed().reduce((from, step) => from[step] as typeof from, props);
    holder[last] = value;
}

/**
 * Keeps a validation from resources of other types. The engine asks every policy about every resource. Where the SDK
 * knows the one type that a policy is for, it does not even read the others' properties.
 */
function onlyFor(type: ResourceRule["type"], validate: ResourceValidation): ResourceValidation {
    if (typeof type === "string") {
        return validateResourceOfType(classOf(type), (_, args, report) => validate(args, report));
    }
    const types = typesOf({ type });
    return (args, report) => (types.has(unversioned(args.type)) ? validate(args, report) : undefined);
}

function typesOf({ type }: Pick<ResourceRule, "type">): ReadonlySet<string> {
    return new Set(typeof type === "string" ? [type] : type);
}

type ResourceClass = Parameters<typeof validateResourceOfType>[0];

/**
 * What the SDK reads from the class of a resource: its token. The class itself stays unloaded in the provider's
 * package.
 */
function classOf(type: string): ResourceClass {
    return { __pulumiType: type } as unknown as ResourceClass;
}

function toStackPolicy(rule: StackRule, clock: Clock): StackValidationPolicy {
    return {
        ...metadata(rule),
        validateStack: (args, reportViolation) => {
            const config = args.getConfig<Record<string, unknown>>();
            const { valid, malformed } = readWaivers(config);
            for (const message of malformed) reportViolation(message);
            const now = clock();
            const findings = rule.judgeStack(args.resources, config, now);
            const byResource = Map.groupBy<Resource, StackFinding>(findings, ({ resource }) => resource);
            for (const [resource, about] of byResource) {
                const { violations } = sift(resource, about, valid, now);
                for (const message of violations) reportViolation(message, resource.urn);
            }
        },
    };
}
