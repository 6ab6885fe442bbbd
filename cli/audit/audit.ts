import { accountChecks } from "./accountChecks.ts";
import { dockerChecks } from "./dockerChecks.ts";
import { type Check, type Finding, type NotChecked, wasChecked } from "./finding.ts";
import { hostnameChecks } from "./hostnameChecks.ts";
import { auditTarget } from "./target.ts";

/** The answer of `sallyport audit --json`, a part of the command line's contract. */
export interface Audit {
    /** No check failed. What was not checked is in its own list: it is neither well nor ill. */
    readonly ok: boolean;
    readonly checks: readonly Check[];
    readonly notChecked: readonly NotChecked[];
}

/** Checks a stack's promises where they are kept or broken: at its hostnames, in its account and in Docker. */
export async function audit(stack: string): Promise<Audit> {
    const target = await auditTarget(stack);
    const findings = await Promise.all([
        ...target.hostnames.map((hostname) => hostnameChecks(target, hostname)),
        accountChecks(target),
        dockerChecks(target),
    ]);
    return summary(findings.flat());
}

/** Sorts findings into what was checked and what was not. */
export function summary(findings: readonly Finding[]): Audit {
    const checks = findings.filter(wasChecked);
    return {
        ok: checks.every(({ ok }) => ok),
        checks,
        notChecked: findings.filter((finding): finding is NotChecked => !wasChecked(finding)),
    };
}
