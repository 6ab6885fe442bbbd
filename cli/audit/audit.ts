import { accountChecks } from "./accountChecks.ts";
import type { Check } from "./check.ts";
import { dockerChecks } from "./dockerChecks.ts";
import { hostnameChecks } from "./hostnameChecks.ts";
import { auditTarget } from "./target.ts";

/** The answer of `sallyport audit --json`, a part of the command line's contract. */
export interface Audit {
    readonly ok: boolean;
    readonly checks: readonly Check[];
}

/** Checks a stack's promises where they are kept or broken: at its hostnames, in its account and in Docker. */
export async function audit(stack: string): Promise<Audit> {
    const target = await auditTarget(stack);
    const checks = (
        await Promise.all([
            ...target.hostnames.map((hostname) => hostnameChecks(target, hostname)),
            accountChecks(target),
            dockerChecks(target),
        ])
    ).flat();
    return { ok: checks.every(({ ok }) => ok), checks };
}
