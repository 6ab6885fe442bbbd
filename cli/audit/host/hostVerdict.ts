import { awaitsAnswers, isLoopback, type Listener, listenerText } from "../../sockets/listeners.ts";
import type { SocketOwner } from "../../sockets/owners.ts";
import type { Verdict } from "../finding.ts";

/** A listening socket of the machine with the process that holds it; the kernel's own have none. */
export type HostListener = Listener & { readonly owner: SocketOwner | undefined };

/** What is known of the local environment's own sockets. */
export interface LocalSockets {
    /** What listened before the environment was brought up. */
    readonly before: readonly Pick<Listener, "protocol" | "address" | "port">[];
    /** The emulator's process. */
    readonly emulatorPid: number;
    /** The addresses that the emulator listens on for connectors, `172.19.0.1:7844`, the proxy to the team's keys included. */
    readonly edge: readonly string[];
}

/** Docker's process for a published port, one for each. */
const DOCKER_PROXY = "docker-proxy";
/** Where the kernel takes the packets of overlay networks (VXLAN, RFC 7348; Docker's `--data-path-port`). */
const OVERLAY_PORT = 4789;

/**
 * Whether the machine takes nothing from outside that it did not take before. Allowed are the emulator's edge at the Docker
 * bridge's gateway and the kernel's port of the overlay networks; both are named. UDP sockets of programs that are not ours do not
 * count: browsers and resolvers open them at any time.
 */
export function comparedVerdict(listeners: readonly HostListener[], local: LocalSockets): Verdict {
    const open = listeners.filter((listener) => !isLoopback(listener) && !awaitsAnswers(listener));
    const expected = open.filter((listener) => isEdge(listener, local) || isOverlayPort(listener));
    const unexpected = open.filter((listener) => {
        const ours = listener.owner?.pid === local.emulatorPid || listener.owner?.name === DOCKER_PROXY;
        const known = local.before.some((before) => isSameSocket(before, listener));
        return !expected.includes(listener) && (ours || (!known && listener.protocol === "tcp"));
    });
    return unexpected.length === 0
        ? { ok: true, detail: ["as before", ...expectedText(expected)].join(", and ") }
        : { ok: false, detail: unexpected.map(named).join(", ") };
}

/** `the edge at 172.19.0.1 (7844, 7848)`, `udp 4789 of the overlay networks` */
function expectedText(expected: readonly HostListener[]): string[] {
    const [overlay, edge] = [expected.filter(isOverlayPort), expected.filter((listener) => !isOverlayPort(listener))];
    const addresses = [...Map.groupBy(edge, ({ address }) => address)].map(([address, listeners]) => {
        const ports = listeners.map(({ port }) => port).toSorted((a, b) => a - b);
        return `the edge at ${address} (${ports.join(", ")})`;
    });
    return [...addresses, ...(overlay.length === 0 ? [] : [`udp ${OVERLAY_PORT} of the overlay networks`])];
}

/**
 * UDP sockets that did not listen before and whose process does not show itself. Only root can tell the kernel's own from one of Docker's for a
 * published port.
 */
export function unseenSockets(
    listeners: readonly HostListener[],
    { before }: Pick<LocalSockets, "before">,
): HostListener[] {
    return listeners.filter(
        (listener) =>
            listener.protocol === "udp" &&
            listener.owner === undefined &&
            !isLoopback(listener) &&
            !awaitsAnswers(listener) &&
            !before.some((known) => isSameSocket(known, listener)),
    );
}

function isSameSocket(a: Pick<Listener, "protocol" | "address" | "port">, b: typeof a): boolean {
    return a.protocol === b.protocol && a.address === b.address && a.port === b.port;
}

function isEdge({ protocol, address, port, owner }: HostListener, { emulatorPid, edge }: LocalSockets): boolean {
    return protocol === "tcp" && owner?.pid === emulatorPid && edge.includes(`${address}:${port}`);
}

function isOverlayPort({ protocol, port, owner }: HostListener): boolean {
    return protocol === "udp" && port === OVERLAY_PORT && owner === undefined;
}

/** Whether none of the stack's containers listens on the machine itself, by a process of its own or one of Docker's. */
export function ownVerdict(listeners: readonly HostListener[], isOurs: (listener: HostListener) => boolean): Verdict {
    const ours = listeners.filter((listener) => !isLoopback(listener) && isOurs(listener));
    return { ok: ours.length === 0, detail: ours.length === 0 ? "none of ours" : ours.map(named).join(", ") };
}

/** A process that publishes a port of one of these containers. */
export function publishes({ owner, port }: HostListener, publishedPorts: readonly number[]): boolean {
    return owner?.name === DOCKER_PROXY && publishedPorts.includes(port);
}

function named(listener: HostListener): string {
    const { owner } = listener;
    const by = owner === undefined ? "a process that is not to be seen" : `${owner.name}, process ${owner.pid}`;
    return `${listenerText(listener)} (${by})`;
}
