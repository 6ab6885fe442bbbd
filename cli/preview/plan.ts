import { existsSync } from "node:fs";
import { join } from "node:path";
import { claimIssues } from "../../stacks/config/claims.ts";
import { ConfigError } from "../../stacks/config/configError.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import type { Progress } from "../../toolchain/index.ts";
import type { Changes, Violation } from "../engine/events.ts";
import { neighboursOf } from "../engine/neighbours.ts";
import { type Previewed, previewInFull } from "../engine/run.ts";
import { type ExportedState, exportState } from "../engine/state.ts";
import { openDeployed } from "../local/openDeployed.ts";
import { projectDir } from "../project.ts";
import { type AccessDifference, compareAccess } from "../reach/difference.ts";
import { accessGraph } from "../reach/graph.ts";
import type { AccessGraph } from "../reach/model.ts";
import { resourcesOfPreview, type SerializedResource } from "../reach/resources.ts";
import { type RotationEntry, rotationEntries } from "../rotate/entries.ts";
import type { ListedService } from "../swarm/list.ts";
import { haveOwnStacks, type LabelPlan, planLabels, sumOf } from "../swarm/plan.ts";
import { type OfflineOptions, openOffline } from "./offline.ts";
import { readRecordedState } from "./recordedState.ts";
import { checkOut } from "./revision.ts";

/** The answer of `sallyport preview --format json`, a part of the command line's contract. */
export interface Plan {
    stack: string;
    changes: Changes;
    violations: Violation[];
    access: AccessDifference;
    /** Services of the Swarm that ask by their labels to be published; omitted where the stack lets labels ask for nothing, or offline. */
    services?: ListedService[];
    /** What of the stack is rotated and when, most urgent first; omitted where nothing is known of what is deployed. */
    rotation?: RotationEntry[];
}

/** What a preview is computed from. */
export interface PlanOptions {
    /** Without account, credentials, Docker and network. */
    offline: boolean;
    /** File with a recorded state, offline only; an empty one if omitted. */
    state?: string | undefined;
    /** Commit that access is compared with, both planned offline; what is there already if omitted. */
    against?: string | undefined;
    progress: Progress;
}

/** A plan and what it takes to understand it. */
export interface ReviewedPlan {
    plan: Plan;
    /** Who reaches what once the plan is carried out. */
    graph: AccessGraph;
    /** What the changes are counted from, and what access is compared with, in words. */
    basis: string;
}

/**
 * Plans a stack with the policy pack and says what changes, what the pack thinks of it, and who gains or loses access.
 *
 * @throws ConfigError with every mistake of the stack file; a name that another stack of the account has is one.
 */
export async function planStack(
    name: string,
    { offline, state, against, progress }: PlanOptions,
): Promise<ReviewedPlan> {
    checkClaims(name);
    const recorded = state === undefined ? undefined : readRecordedState(state, name);
    const { record, before, after, services, resources } = offline
        ? { ...(await planOffline(name, progress, { state: recorded })), resources: recorded?.deployment.resources }
        : await planOnline(name, progress);
    const base = against === undefined ? before : await planRevision(name, against, recorded, progress);
    const { changes, violations } = record;
    const access = compareAccess(base, after);
    const rotation = resources && rotationEntries(readStackFile(projectDir, name), resources, new Date());
    return {
        plan: {
            stack: name,
            changes,
            violations,
            access,
            ...(services && { services }),
            ...(rotation && { rotation }),
        },
        graph: after,
        basis: basisOf(offline, state, against),
    };
}

function checkClaims(name: string): void {
    const environment = readStackFile(projectDir, name, { readEmulator: false });
    const issues = claimIssues(environment, neighboursOf(projectDir, environment));
    if (issues.length > 0) throw new ConfigError(`Pulumi.${name}.yaml`, issues);
}

function basisOf(offline: boolean, state: string | undefined, against: string | undefined): string {
    const from = offline ? (state === undefined ? "an empty state" : "a recorded state") : "the stack's state";
    return against === undefined ? `against ${from}` : `against ${from}; access compared with ${against}`;
}

interface Planned extends Pick<Previewed, "record"> {
    before: AccessGraph;
    after: AccessGraph;
    services?: ListedService[];
}

/** Plans what the files of a folder declare, and nothing else. */
export async function planOffline(name: string, progress: Progress, options: OfflineOptions = {}): Promise<Planned> {
    const { zone } = readStackFile(options.program ?? projectDir, name);
    using offline = await openOffline(name, progress, options);
    progress.step(`Planning ${name} offline`);
    const previewed = await previewInFull(offline.stack, [zone.name], progress);
    progress.done();
    return planned(previewed);
}

/** Who reaches what by a commit's files. A stack that the commit has not got lets nobody in. */
async function planRevision(
    name: string,
    ref: string,
    state: ExportedState | undefined,
    progress: Progress,
): Promise<AccessGraph> {
    using revision = await checkOut(ref);
    if (!existsSync(join(revision.folder, `Pulumi.${name}.yaml`))) return accessGraph([]);
    progress.detail(`as of ${ref}`);
    const { after } = await planOffline(name, progress, { program: revision.folder, state });
    return after;
}

interface PlannedOnline extends Planned {
    /** The stack's state. */
    resources: SerializedResource[];
}

async function planOnline(name: string, progress: Progress): Promise<PlannedOnline> {
    const environment = readStackFile(projectDir, name);
    const stack = await openDeployed(name, progress);
    progress.step(`Planning ${name}`);
    const previewed = await previewInFull(stack, [environment.zone.name], progress);
    const { deployment } = await exportState(stack);
    progress.done();
    const labels = (await haveOwnStacks(environment, stack)) ? await planLabels(name, progress) : undefined;
    return { ...planned(previewed, labels), resources: deployment.resources ?? [] };
}

/** @param labels what services ask for that have small stacks of their own. */
function planned({ record, steps }: Previewed, labels?: LabelPlan): Planned {
    const { before, after } = resourcesOfPreview(steps);
    if (labels === undefined) return { record, before: accessGraph(before), after: accessGraph(after) };
    return {
        record: {
            ...record,
            changes: sumOf(record.changes, labels.changes),
            violations: [...record.violations, ...labels.violations],
        },
        before: accessGraph([...before, ...labels.before]),
        after: accessGraph([...after, ...labels.after]),
        services: labels.services,
    };
}
