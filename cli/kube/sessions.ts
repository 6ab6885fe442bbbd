import { setTimeout as delay } from "node:timers/promises";
import type { Progress } from "../../toolchain/index.ts";
import { CommandError, Exit } from "../exit.ts";
import { isAlive } from "./kubeconfig/lock.ts";
import { kubeconfigFiles } from "./kubeconfig/paths.ts";
import { ownKubeconfigs } from "./kubeconfigs.ts";
import { contextName } from "./session/cluster.ts";
import { askSession } from "./session/control.ts";
import { Ask } from "./session/messages.ts";
import { runningSessions, type SessionRecord } from "./session/records.ts";
import type { TunnelView } from "./session/state.ts";

/** How long a session may take to end with its last cluster, and how often it is looked at: milliseconds. */
const END_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** A cluster that is open now, a part of `sallyport kube status --json`. */
export interface OpenCluster extends TunnelView {
    readonly context: string;
    /** Whether it is the current context of a kubeconfig. */
    readonly current: boolean;
    /** Process of its session. */
    readonly pid: number;
    readonly background: boolean;
}

/** Every cluster that is open, in whatever terminal. What killed sessions have left behind is cleared away. */
export async function openClusters(progress: Progress): Promise<OpenCluster[]> {
    const kubeconfigs = ownKubeconfigs(progress);
    await kubeconfigs.repair();
    const contexts = kubeconfigs.contexts();
    const views = await Promise.all(
        runningSessions().map(async (record) => ({ record, views: await viewsOf(record) })),
    );
    return views.flatMap(({ record, views: open }) =>
        open.map((view) => {
            const context = contextName(view.name);
            const current = contexts.some(
                ({ name, owner, isCurrent }) => isCurrent && name === context && owner.pid === record.pid,
            );
            return { ...view, context, current, pid: record.pid, background: record.background };
        }),
    );
}

/** How a session's tunnels are; none where it ends meanwhile. */
export async function viewsOf(record: SessionRecord): Promise<TunnelView[]> {
    try {
        return await askSession(record, Ask.Views);
    } catch (error) {
        if (isAlive(record)) {
            throw error;
        }
        return [];
    }
}

/**
 * Closes clusters, all where none is named, and restores kubeconfigs.
 *
 * @returns the names of those that were closed
 * @throws CommandError (exit 2) where one is not open
 */
export async function disconnect(names: readonly string[], progress: Progress): Promise<string[]> {
    const open = await openClusters(progress);
    const unknown = names.filter((name) => !open.some((cluster) => cluster.name === name));
    if (unknown.length > 0) {
        const known = open.map(({ name }) => name).join(", ");
        const fix = known ? `write one of ${known}` : "none is: sallyport kube connect NAME";
        throw new CommandError(Exit.usage, `${unknown.join(", ")}: not connected`, fix);
    }
    const closing = open.filter(({ name }) => names.length === 0 || names.includes(name));
    for (const record of runningSessions()) {
        const own = closing.filter(({ pid }) => pid === record.pid).map(({ name }) => name);
        const left = own.length > 0 ? await askSession(record, Ask.Close, { names: own }) : undefined;
        if (left?.length === 0) {
            await ended(record);
        }
    }
    return closing.map(({ name }) => name);
}

async function ended(record: SessionRecord): Promise<void> {
    const deadline = performance.now() + END_WITHIN_MS;
    while (isAlive(record)) {
        if (performance.now() > deadline) {
            const fix = `end it with \`kill -9 ${record.pid}\`, and run \`sallyport kube status\``;
            throw new CommandError(Exit.failed, `the session (process ${record.pid}) does not end`, fix);
        }
        await delay(LOOK_EVERY_MS);
    }
}

/**
 * Makes an open cluster the current context of the kubeconfigs that this shell reads.
 *
 * @throws CommandError (exit 2) where it is not open, or kubectl would not see it
 */
export async function use(name: string, environment: NodeJS.ProcessEnv, progress: Progress): Promise<string> {
    const kubeconfigs = ownKubeconfigs(progress);
    await kubeconfigs.repair();
    const context = contextName(name);
    const all = kubeconfigs.contexts();
    const found = all.filter((each) => each.name === context);
    const [first] = found;
    if (first === undefined) {
        const known = all.map((each) => each.name.slice(contextName("").length)).join(", ");
        const fix = known ? `write one of ${known}, or connect it` : `connect it: sallyport kube connect ${name}`;
        throw new CommandError(Exit.usage, `${name}: not connected`, fix);
    }
    const files = kubeconfigFiles(environment);
    const read = found.find(({ file }) => files.includes(file));
    if (read === undefined) {
        const fix = `export KUBECONFIG=${[first.file, ...files].join(":")}`;
        throw new CommandError(Exit.usage, `${context} is in ${first.file}, which kubectl does not read here`, fix);
    }
    await kubeconfigs.use(read.file, context);
    return context;
}
