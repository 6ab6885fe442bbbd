import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import type { Progress } from "../../toolchain/index.ts";
import type { Violation } from "../engine/events.ts";
import { refuseViolations } from "../engine/refuseViolations.ts";
import { up } from "../engine/run.ts";
import { exportState } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { runningEmulator } from "../local/emulatorProcess.ts";
import { openDeployed } from "../local/openDeployed.ts";
import { localUp } from "../local/up.ts";
import { planStack, type ReviewedPlan } from "../preview/plan.ts";
import { projectDir } from "../project.ts";
import { replaceFile } from "../stackFile/replaceFile.ts";
import { askForAgreement } from "../ui/agreement.ts";
import { type Chosen, choose, type Wanted } from "./choose.ts";
import { type RotationEntry, rotationEntries } from "./entries.ts";
import { chosenText, entriesTable } from "./report.ts";
import { withSchedules } from "./writeSchedules.ts";

export interface RotateOptions extends Wanted {
    /** Say what would be done, and do nothing. */
    readonly dryRun: boolean;
    /** Whether the user agreed beforehand. */
    readonly yes: boolean;
    readonly progress: Progress;
}

/** The answer of `sallyport rotate --json`, a part of the command line's contract. */
export interface Rotation {
    readonly stack: string;
    /** How every secret stands, afterwards. */
    readonly entries: readonly RotationEntry[];
    /** Names of those that were rotated; with `--dry-run`, that would be. */
    readonly rotated: readonly string[];
    /** Names of those that were asked for and had been rotated lately. */
    readonly settling: readonly string[];
    /** The stack file, where it was changed: it is to be committed. Left out where it was not. */
    readonly changedFile?: string;
}

/**
 * Rotates secrets of a stack: its file says which version holds from when on, and a deployment makes it so. The file is written first and whole, and a deployment
 * can be repeated, so whoever runs this after an interruption ends what was begun.
 *
 * @throws CommandError when nobody agrees or a mistake is in the way (exit 2), when files or pack ask for more than a rotation (exit 1), or when an update fails.
 */
export async function rotate(stack: string, options: RotateOptions): Promise<Rotation> {
    const { dryRun, yes, progress } = options;
    const environment = readStackFile(projectDir, stack);
    const reviewed = await planStack(stack, { offline: false, progress });
    const entries = reviewed.plan.rotation ?? [];
    const chosen = choose(environment, entries, options, new Date());
    const names = [...chosen.due, ...chosen.early.map(({ entry }) => entry)].map(({ name }) => name);
    const settling = chosen.settling.map(({ name }) => name);
    if (dryRun || names.length === 0) return { stack, entries, rotated: names, settling };

    requireRotationAlone(reviewed);
    if (!yes) {
        process.stderr.write(`${entriesTable(entries)}\n\n${chosenText(chosen, `Pulumi.${stack}.yaml`)}\n`);
        await askForAgreement(`Rotate ${names.length === 1 ? "it" : "them"} now?`, "the list");
    }
    const changedFile = write(stack, chosen, progress);
    await deploy(stack, environment, progress);
    const after = await entriesNow(stack, progress);
    return { stack, entries: after, rotated: names, settling, ...(changedFile && { changedFile }) };
}

/** A rotation changes no access and breaks no rule: whatever else the files ask for is deployed as it was reviewed. */
function requireRotationAlone({ plan: { access, violations } }: ReviewedPlan): void {
    refuseViolations(violations);
    const changes = [...access.gained, ...access.lost, ...access.changed];
    if (changes.length === 0) return;
    throw new CommandError(
        Exit.no,
        [
            "the files also change who reaches what, so this would be more than a rotation:",
            ...changes.map(({ who, what }) => `  ${who} → ${what}`),
        ].join("\n"),
        "deploy that first, as it was reviewed",
    );
}

/** Gives the stack file the schedules that rotate now. @returns its name, where it changed. */
function write(stack: string, { early }: Chosen, progress: Progress): string | undefined {
    if (early.length === 0) return undefined;
    const file = `Pulumi.${stack}.yaml`;
    progress.step(`Writing into ${file} what holds from now on`);
    const path = join(projectDir, file);
    const schedules = early.map(({ rotatable: { place }, schedule }) => ({ place, schedule }));
    replaceFile(path, withSchedules(readFileSync(path, "utf8"), schedules, file));
    progress.done();
    return file;
}

async function deploy(name: string, { zone }: Environment, progress: Progress): Promise<void> {
    if (name === LOCAL_STACK) {
        refuseViolations(await deployLocally(progress));
        return;
    }
    const stack = await openDeployed(name, progress);
    progress.step(`Deploying ${name}`);
    const { violations } = await up(stack, [zone.name], progress);
    progress.done();
    refuseViolations(violations);
}

/** As `sallyport local up` does it, which recovers from an update that was killed. */
async function deployLocally(progress: Progress): Promise<readonly Violation[]> {
    const emulator = await runningEmulator();
    if (emulator === undefined) {
        throw new CommandError(Exit.failed, "the emulator is not running any more", "start it with `npm run local`");
    }
    const port = Number(new URL(emulator.apiBaseUrl).port);
    return (await localUp({ yes: true, withoutDocker: false, port, progress })).violations;
}

async function entriesNow(name: string, progress: Progress): Promise<RotationEntry[]> {
    const { deployment } = await exportState(await openDeployed(name, progress));
    return rotationEntries(readStackFile(projectDir, name), deployment.resources ?? [], new Date());
}
