import { readFile } from "node:fs/promises";
import { inspectHost } from "../../../toolchain/index.ts";
import { listenersOf, listenerText } from "../../sockets/listeners.ts";
import { socketOwners } from "../../sockets/owners.ts";
import type { DockerView } from "../docker/view.ts";
import { check, type Finding, notChecked, type Verdict } from "../finding.ts";
import type { AuditTarget } from "../target.ts";
import { comparedVerdict, type HostListener, ownVerdict, publishes, unseenSockets } from "./hostVerdict.ts";

const ID = "host-listens-as-before";

/**
 * What listens on the machine itself: compared with before, where that was noted; else whatever belongs to the stack's containers.
 */
export async function hostCheck(
    { local }: Pick<AuditTarget, "local">,
    docker: Promise<DockerView> | undefined,
): Promise<Finding[]> {
    const { platform, root } = inspectHost();
    const unseen: HostListener[] = [];
    const finding = await check(ID, "this machine", async () => {
        if (platform !== "linux") {
            return { reason: "sockets are read from /proc, which only Linux has" };
        }
        if (local === undefined) {
            return ownSockets(docker);
        }
        const { before } = local;
        if (before === undefined) {
            return { reason: "what listened before is not known; take the environment down and bring it up again" };
        }
        const listeners = await hostListeners();
        unseen.push(...(root ? [] : unseenSockets(listeners, { before })));
        return comparedVerdict(
            listeners.filter((listener) => !unseen.includes(listener)),
            { ...local, before },
        );
    });
    if (unseen.length === 0) {
        return [finding];
    }
    const reason = `only root sees whose sockets ${unseen.map(listenerText).join(", ")} are; run the audit as root`;
    return [finding, notChecked(ID, "this machine, UDP", reason)];
}

/** Whether the stack's containers listen on a real environment's machine. */
async function ownSockets(docker: Promise<DockerView> | undefined): Promise<Verdict | { readonly reason: string }> {
    if (docker === undefined) {
        return {
            reason: "what listened before is not known, and the stack has no containers whose sockets could be told",
        };
    }
    const { namespaceObstacle, containers } = await docker;
    if (namespaceObstacle !== undefined) {
        return { reason: namespaceObstacle };
    }
    const listeners = await hostListeners();
    const ids = containers.map(({ id }) => id);
    const ports = containers.flatMap(({ publishedPorts }) => publishedPorts);
    const groups = await controlGroups(listeners);
    return ownVerdict(
        listeners,
        (listener) =>
            publishes(listener, ports) || ids.some((id) => groups.get(listener.owner?.pid ?? 0)?.includes(id) === true),
    );
}

async function hostListeners(): Promise<HostListener[]> {
    const listeners = await listenersOf();
    const owners = await socketOwners(new Set(listeners.map(({ inode }) => inode)));
    return listeners.map((listener) => ({ ...listener, owner: owners.get(listener.inode) }));
}

/** The control groups of the processes that hold listeners: a container's process is in a group that bears its id. */
async function controlGroups(listeners: readonly HostListener[]): Promise<Map<number, string>> {
    const pids = new Set(listeners.flatMap(({ owner }) => (owner === undefined ? [] : [owner.pid])));
    const groups = [...pids].map(
        async (pid): Promise<[number, string]> => [
            pid,
            await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => ""), // it has ended meanwhile
        ],
    );
    return new Map(await Promise.all(groups));
}
