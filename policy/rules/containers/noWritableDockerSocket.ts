import type { ResourceRule } from "../../rule.ts";
import { isA, Token } from "../../tokens.ts";
import { at, isOn, knownItems, text, UNKNOWN } from "../../values.ts";

/** Where container engines listen, and what a bind mount of a folder above brings along. */
const SOCKET = /(^|\/)(docker|containerd|podman|crio)\.sock$/;
const FOLDERS_ABOVE: ReadonlySet<string> = new Set(["/", "/run", "/var/run", "/run/containerd", "/run/podman"]);

/**
 * Who may write to the engine's socket is root on the host, whatever the container's user is.
 *
 * A read-only mount is let through because Traefik's providers need one, but it hardly limits the API (the socket can still be
 * connected to): a proxy that forwards only the reading calls is the safe form.
 */
export const noWritableDockerSocket: ResourceRule = {
    name: "no-writable-docker-socket",
    description: "No container gets the container engine's socket, or a folder that holds it, mounted read-write.",
    severity: "critical",
    remediationSteps:
        "Mount the socket with `readOnly: true`, or better reach it through a proxy that forwards reading calls only.",
    types: [...Token.dockerService, ...Token.dockerContainer],
    judge: (resource) => {
        const service = isA(resource, Token.dockerService);
        const subject = `${service ? "Service" : "Container"} '${resource.name}'`;
        const mounts = service
            ? knownItems(at(resource.props, "taskSpec", "containerSpec", "mounts"))
            : [...knownItems(at(resource.props, "mounts")), ...knownItems(at(resource.props, "volumes"))];
        return mounts
            .filter((mount) => !isOn(at(mount, "readOnly")) && at(mount, "readOnly") !== UNKNOWN)
            .map((mount) => text(at(mount, "source")) ?? text(at(mount, "hostPath")))
            .filter((path) => path !== undefined && reachesSocket(path))
            .map((path) => ({
                wrong: `${subject} mounts "${path}" read-write, which makes it root on the host.`,
                instead: "Set `readOnly: true`, or reach the engine through a proxy that forwards reading calls only.",
            }));
    },
};

function reachesSocket(path: string): boolean {
    const plain = path.replace(/\/+$/, "") || "/";
    return SOCKET.test(plain) || FOLDERS_ABOVE.has(plain);
}
