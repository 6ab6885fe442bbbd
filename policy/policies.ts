import type { Policy, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Resource, ResourceRule, Rule, StackFinding, StackRule } from "./rule.ts";
import { readWaivers, sift, waiversSchema } from "./waivers.ts";

/** Tells the time against which waivers are held. */
export type Clock = () => Date;

/** Turns a rule into a policy of the pack: adds the `waivers` setting and reports what is not excused. */
export function toPolicy(
    rule: Rule,
    clock: Clock = () => new Date(),
): ResourceValidationPolicy | StackValidationPolicy {
    return "types" in rule ? toResourcePolicy(rule, clock) : toStackPolicy(rule, clock);
}

function metadata(rule: Rule): Policy {
    return {
        name: rule.name,
        description: rule.description,
        enforcementLevel: "mandatory",
        severity: rule.severity,
        remediationSteps: rule.remediationSteps,
        configSchema: { properties: { ...rule.configSchema, waivers: waiversSchema } },
    };
}

function toResourcePolicy(rule: ResourceRule, clock: Clock): ResourceValidationPolicy {
    const types: ReadonlySet<string> = new Set(rule.types);
    return {
        ...metadata(rule),
        validateResource: (args, reportViolation) => {
            // The engine asks every policy about every resource; `bench/` measures what an answer like this one costs.
            if (!types.has(args.type)) return;
            const config = args.getConfig<Record<string, unknown>>();
            const { valid, malformed } = readWaivers(config);
            const { violations, waived } = sift(args, rule.judge(args, config), valid, clock());
            // Nobody can tell which resource a waiver was meant for that cannot be read: each one hears of it.
            for (const message of [...malformed, ...violations]) reportViolation(message);
            if (malformed.length + violations.length === 0 && waived.length > 0) args.notApplicable(waived.join("; "));
        },
    };
}

function toStackPolicy(rule: StackRule, clock: Clock): StackValidationPolicy {
    return {
        ...metadata(rule),
        validateStack: (args, reportViolation) => {
            const config = args.getConfig<Record<string, unknown>>();
            const { valid, malformed } = readWaivers(config);
            for (const message of malformed) reportViolation(message);
            const now = clock();
            const findings = rule.judgeStack(args.resources, config);
            for (const [resource, about] of Map.groupBy<Resource, StackFinding>(
                findings,
                (finding) => finding.resource,
            )) {
                for (const message of sift(resource, about, valid, now).violations)
                    reportViolation(message, resource.urn);
            }
        },
    };
}
