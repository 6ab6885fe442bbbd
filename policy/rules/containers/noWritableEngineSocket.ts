import type { Finding, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, knownItems, UNKNOWN } from "../../values.ts";

const PROXY = "reach the engine through a proxy that forwards reading calls only";

/** Where container engines listen, and what a bind mount of a folder above brings along. */
const SOCKET = /(^|\/)(docker|containerd|podman|crio)\.sock$/;
const FOLDERS_ABOVE: ReadonlySet<string> = new Set(["/", "/run", "/var/run", "/run/containerd", "/run/podman"]);

/**
 * Who may write to the engine's socket is root on the host, whatever the container's user is.
 *
 * A read-only mount is let through because Traefik's providers need one, but it hardly limits the API (the socket can
 * still be connected to): a proxy that forwards only the reading calls is the safe form.
 */
export const noEngineSocketInService: ResourceRule = {
    name: "no-writable-engine-socket-in-service",
    description: "A Swarm service does not get the container engine's socket, or a folder that holds it, read-write.",
    severity: "critical",
    remediationSteps: `Mount the socket with \`readOnly: true\`, or better ${PROXY}.`,
    type: Token.service,
    judge: ({ name, props }) =>
        knownItems(at(props, "taskSpec", "containerSpec", "mounts")).flatMap((mount) =>
            judgeMount(`Service '${name}'`, at(mount, "source"), at(mount, "readOnly")),
        ),
};

/** As for a service. */
export const noEngineSocketInContainer: ResourceRule = {
    name: "no-writable-engine-socket-in-container",
    description: "A container does not get the container engine's socket, or a folder that holds it, read-write.",
    severity: "critical",
    remediationSteps: `Mount the socket with \`readOnly: true\`, or better ${PROXY}.`,
    type: Token.container,
    judge: ({ name, props }) => [
        ...knownItems(at(props, "mounts")).flatMap((mount) =>
            judgeMount(`Container '${name}'`, at(mount, "source"), at(mount, "readOnly")),
        ),
        ...knownItems(at(props, "volumes")).flatMap((volume) =>
            judgeMount(`Container '${name}'`, at(volume, "hostPath"), at(volume, "readOnly")),
        ),
    ],
};

function judgeMount(subject: string, path: unknown, readOnly: unknown): Finding[] {
    if (typeof path !== "string" || !reachesSocket(path)) return [];
    if (isOn(readOnly) || readOnly === UNKNOWN) return [];
    return [
        {
            wrong: `${subject} mounts "${path}" read-write, which makes it root on the host.`,
            instead: `Set \`readOnly: true\`, or ${PROXY}.`,
        },
    ];
}

function reachesSocket(path: string): boolean {
    const plain = path.replace(/\/+$/, "") || "/";
    return SOCKET.test(plain) || FOLDERS_ABOVE.has(plain);
}
