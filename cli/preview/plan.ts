import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { compareReach, type Reach, type ReachDifference, reachOf } from "../../stacks/reach.ts";
import { ensureLoopback, type Progress, preparePulumi } from "../../toolchain/index.ts";
import type { Changes, Record, Violation } from "../engine/events.ts";
import { openStack } from "../engine/open.ts";
import { preview } from "../engine/run.ts";
import { CommandError, Exit } from "../exit.ts";
import { runningEmulator } from "../local/emulatorProcess.ts";
import { openLocalStack } from "../local/stack.ts";
import { projectDir } from "../project.ts";
import { openOffline } from "./offline.ts";

/** The answer of `sallyport preview --format json`, a part of the command line's contract. */
export interface Plan {
    stack: string;
    changes: Changes;
    violations: Violation[];
    access: ReachDifference;
}

/** Plans a stack with the policy pack and says what changes, what the pack thinks of it, and who gains or loses access. */
export async function planStack(
    name: string,
    { offline, progress }: { offline: boolean; progress: Progress },
): Promise<Plan> {
    const environment = readStackFile(projectDir, name);
    const after = reachOf(environment);
    const zones = [environment.zone.name];
    const { record, before } = offline
        ? await planOffline(name, zones, progress)
        : await planOnline(name, zones, progress);
    return { stack: name, changes: record.changes, violations: record.violations, access: compareReach(before, after) };
}

interface Planned {
    record: Record;
    before: Reach[];
}

async function planOffline(name: string, zones: readonly string[], progress: Progress): Promise<Planned> {
    using offline = await openOffline(name, progress);
    progress.step(`Planning ${name} offline`);
    const record = await preview(offline.stack, zones, progress);
    progress.done();
    return { record, before: [] };
}

async function planOnline(name: string, zones: readonly string[], progress: Progress): Promise<Planned> {
    ensureLoopback();
    const pulumi = await preparePulumi({ projectDir, progress });
    const local = name === LOCAL_STACK ? await runningEmulator() : undefined;
    if (name === LOCAL_STACK && local === undefined) {
        throw new CommandError(Exit.failed, "the emulator is not running", "start it with `npm run local`");
    }
    const stack =
        local === undefined
            ? await openStack({ pulumi, workDir: projectDir, stack: name, create: false })
            : await openLocalStack(pulumi, local.apiBaseUrl);
    progress.step(`Planning ${name}`);
    const outputs = await stack.outputs();
    const record = await preview(stack, zones, progress);
    progress.done();
    return { record, before: (outputs.access?.value as Reach[] | undefined) ?? [] };
}
