/** Waiting until the Swarm runs what a service asks for. */
import type Docker from "dockerode";
import { until } from "../../../../docker/wait.ts";
import type { Service, Task } from "../dockerSpec.ts";
import { formatDuration } from "../duration.ts";

/** The Swarm restarts a task that fails; one that has failed so often will fail again. */
const FAILURES_BEFORE_GIVING_UP = 3;

/** A task that ends in its first second never really ran: one second in milliseconds. */
const STEADY_FOR_MS = 1_000;

/** The Swarm starts to roll a changed task out at once; if it has not by now, nothing needed to be: five seconds in milliseconds. */
const ROLLOUT_STARTS_WITHIN_MS = 5_000;

/** No more of a task's last words than this many characters. */
const MOST_WORDS = 1_000;

/** What stood before an update, to tell the old tasks and the old rollout from the new ones. */
export interface Before {
    readonly tasks: ReadonlySet<string>;
    /** When the last rollout began; undefined if there was none. */
    readonly rollout: string | undefined;
    /** Whether the update changes what tasks run, so that a rollout has to follow. */
    readonly rollsOut: boolean;
}

export const NOTHING_BEFORE: Before = { tasks: new Set(), rollout: undefined, rollsOut: false };

export interface Patience {
    readonly timeoutMs: number;
    readonly everyMs: number;
    readonly cancelled: AbortSignal;
}

/** A service that does not come up, with the reason that the engine gives. */
export class NotConverged extends Error {
    override readonly name = "NotConverged";
}

/**
 * Waits until the service has as many running tasks as it wants (running means healthy, where there is a health check) and
 * they have stayed so for a second.
 *
 * @throws NotConverged as soon as a rollout is paused or rolled back or a task has failed three times over, else when the time is over; it
 * carries the error of the last task.
 */
export async function converge(docker: Docker, id: string, before: Before, patience: Patience): Promise<void> {
    const began = performance.now();
    let steadySince: number | undefined;
    const settled = await until(
        async () => {
            const service = await inspect(docker, id);
            const now = performance.now();
            if (!(await isUp(docker, service, before, now - began))) {
                steadySince = undefined;
                return undefined;
            }
            steadySince ??= now;
            return now - steadySince >= STEADY_FOR_MS ? true : undefined;
        },
        { withinMs: patience.timeoutMs, everyMs: patience.everyMs, signal: patience.cancelled },
    );
    if (settled) return;
    const service = await inspect(docker, id);
    const { RunningTasks = 0, DesiredTasks = 0 } = service.ServiceStatus ?? {};
    const time = formatDuration(patience.timeoutMs * 1e6);
    throw await notConverged(docker, service, `after ${time} ${RunningTasks} of ${DesiredTasks} tasks run`, before);
}

/** What stands before an update of `service` to `rollsOut` other tasks or not. */
export async function standBefore(docker: Docker, service: Service, rollsOut: boolean): Promise<Before> {
    const tasks = await tasksOf(docker, service.ID);
    return { tasks: new Set(tasks.map(({ ID }) => ID)), rollout: service.UpdateStatus?.StartedAt, rollsOut };
}

async function isUp(docker: Docker, service: Service, before: Before, elapsedMs: number): Promise<boolean> {
    const { UpdateStatus: rollout, ServiceStatus: status, Spec: spec } = service;
    const hasBegun = rollout?.StartedAt !== undefined && rollout.StartedAt !== before.rollout;
    if (hasBegun && ["paused", "rollback_paused", "rollback_completed"].includes(rollout?.State ?? "")) {
        const end = rollout?.State === "paused" ? "paused" : "rolled back";
        throw await notConverged(docker, service, `its update was ${end}`, before);
    }
    if (hasBegun && rollout?.State !== "completed") return false;
    if (before.rollsOut && !hasBegun && elapsedMs < ROLLOUT_STARTS_WITHIN_MS) return false;
    if (status !== undefined && status.RunningTasks >= status.DesiredTasks) return true;

    const restarts = spec.TaskTemplate.RestartPolicy?.Condition !== "none";
    const most = Math.max(0, ...failuresBySlot(await newTasks(docker, service.ID, before)).values());
    if (most >= (restarts ? FAILURES_BEFORE_GIVING_UP : 1)) {
        const how = restarts ? `a task failed ${most} times` : "a task failed and is not restarted";
        throw await notConverged(docker, service, how, before);
    }
    return false;
}

function failuresBySlot(tasks: readonly Task[]): Map<number, number> {
    const failures = new Map<number, number>();
    for (const { Slot = 0 } of tasks.filter(hasFailed)) failures.set(Slot, (failures.get(Slot) ?? 0) + 1);
    return failures;
}

function hasFailed({ Status: { State } }: Task): boolean {
    return State === "failed" || State === "rejected";
}

async function notConverged(docker: Docker, service: Service, how: string, before: Before): Promise<NotConverged> {
    const { Name: name } = service.Spec;
    const [last] = (await newTasks(docker, service.ID, before))
        .filter(({ Status: { Err } }) => Err)
        .sort((a, b) => ((a.Status.Timestamp ?? "") < (b.Status.Timestamp ?? "") ? 1 : -1));
    const reason = last ? `; task ${name}.${last.Slot ?? 0} is ${last.Status.State}: ${last.Status.Err}` : "";
    const words = last ? await lastWords(docker, last) : "";
    return new NotConverged(`service "${name}" did not converge: ${how}${reason}${words && `\n${words}`}`);
}

/** The last lines of a task's output: a service that is removed because it failed takes them with it. */
async function lastWords(docker: Docker, { ID }: Task): Promise<string> {
    try {
        const task = docker.getTask(ID) as unknown as { logs(options: object): Promise<Buffer> };
        const logs = await task.logs({ stdout: true, stderr: true, tail: 5 });
        return demultiplex(logs).trimEnd().slice(-MOST_WORDS);
    } catch {
        // Not every log driver can be read, and a task that never started has said nothing.
        return "";
    }
}

/** The text of a stream in Docker's frames: one byte for the stream, three of nothing, four for the length (Engine API, "Attach to a container"). */
function demultiplex(frames: Buffer): string {
    const parts: Buffer[] = [];
    for (let offset = 0; offset + 8 <= frames.length; ) {
        const end = offset + 8 + frames.readUInt32BE(offset + 4);
        parts.push(frames.subarray(offset + 8, end));
        offset = end;
    }
    return Buffer.concat(parts).toString();
}

/** Listed, not inspected: only the list counts the tasks. */
async function inspect(docker: Docker, id: string): Promise<Service> {
    const [service] = (await docker.listServices({ filters: { id: [id] }, status: true })) as unknown as Service[];
    if (service === undefined) throw new Error(`service "${id}" was removed while it was waited for`);
    return service;
}

async function newTasks(docker: Docker, id: string, before: Before): Promise<Task[]> {
    return (await tasksOf(docker, id)).filter(({ ID }) => !before.tasks.has(ID));
}

export async function tasksOf(docker: Docker, id: string): Promise<Task[]> {
    return (await docker.listTasks({ filters: { service: [id] } })) as Task[];
}
