import type { Host } from "../../../toolchain/index.ts";

/** What decides whether the network namespaces of a Docker engine's containers can be entered from here. */
export interface NamespaceAccess {
    readonly host: Pick<Host, "platform" | "root">;
    /** Address of the engine: `unix:///var/run/docker.sock`. */
    readonly endpoint: string;
    /** As the engine tells it: `Debian GNU/Linux 12`, `Docker Desktop`. */
    readonly operatingSystem: string;
}

/** What stands in the way of looking into containers' network namespaces; undefined when nothing does. */
export function namespaceObstacle({ host, endpoint, operatingSystem }: NamespaceAccess): string | undefined {
    if (!endpoint.startsWith("unix://")) {
        return `the Docker engine is on another machine (${endpoint}); run the audit there as root`;
    }
    if (host.platform !== "linux" || operatingSystem === "Docker Desktop") {
        return "the containers run in a virtual machine, whose sockets are not shown here";
    }
    return host.root ? undefined : "only root sees the sockets of containers; run the audit as root";
}
