import { readStackFile } from "../../stacks/config/stackFile.ts";
import { ensureLoopback, type Progress, preparePulumi } from "../../toolchain/index.ts";
import { openWithApi } from "../local/openWithApi.ts";
import { projectDir } from "../project.ts";
import { engineOf } from "../swarm/engineOf.ts";
import { carryOut } from "./carryOut.ts";
import type { Testimony } from "./evidence.ts";
import { planRecovery, type RecoveryPlan } from "./plan.ts";

export interface RecoverOptions {
    readonly testimony: Testimony;
    /** Whether it ends with the plan. */
    readonly previewOnly: boolean;
    /** Shows the plan; where it throws, nothing is done. */
    readonly agree: (plan: RecoveryPlan) => Promise<void>;
    readonly progress: Progress;
}

/** The answer of `sallyport recover --json`. */
export interface Recovery extends RecoveryPlan {
    /** Whether the stack has its state again, and runs as it declares. */
    readonly done: boolean;
}

/**
 * Brings a stack whose state is lost or old back to what it has outside, and that to what the program declares.
 *
 * @throws CommandError when the stack's account, backend or engine cannot be reached, or the plan is not agreed to.
 */
export async function recover(
    name: string,
    { testimony, previewOnly, agree, progress }: RecoverOptions,
): Promise<Recovery> {
    try {
        const environment = readStackFile(projectDir, name);
        ensureLoopback();
        const pulumi = await preparePulumi({ projectDir, progress });
        const { stack, api } = await openWithApi(pulumi, name, { create: true });
        const zones = [environment.zone.name];
        const target = { stack, pulumi, api, zones, docker: () => engineOf({ environment }) };
        const planned = await planRecovery(target, testimony, progress);
        const { plan, after } = planned;
        progress.done();
        if (after === undefined || isRefused(plan)) return { ...plan, done: false };
        await agree(plan);
        if (previewOnly) return { ...plan, done: false };
        const { violations } = await carryOut(target, planned, progress);
        return { ...plan, violations, done: !isRefused({ violations }) };
    } finally {
        progress.done();
    }
}

/** Whether the policy pack refuses it. */
export function isRefused({ violations }: Pick<RecoveryPlan, "violations">): boolean {
    return violations.some(({ level }) => level === "mandatory");
}
