import type Docker from "dockerode";
import { ToolError } from "../errors.ts";
import { statusOf } from "./wait.ts";

/** The bridge through which the tasks of overlay networks reach their host. */
export const GATEWAY_BRIDGE = "docker_gwbridge";

/**
 * Docker Desktop's engine lives in a virtual machine: its bridge's gateway is not the user's machine. This name, which containers alone resolve, leads
 * to the user's own machine, its loopback included (docs.docker.com/desktop/features/networking/networking-how-tos).
 */
const DESKTOP: HostGateway = { listenAddress: "127.0.0.1", dialHost: "host.docker.internal" };

/** The way from a container to a listener on this machine. */
export interface HostGateway {
    /** IP address that the listener binds. */
    readonly listenAddress: string;
    /** What containers know that address by: itself, or a name that they resolve. */
    readonly dialHost: string;
}

/**
 * How a Swarm task reaches a listener on this machine: at the gateway of `docker_gwbridge` or, on Docker Desktop, through
 * `host.docker.internal`, with which nothing listens beyond loopback.
 *
 * The bridge is made with the options that Docker itself uses if the engine has not made it yet (it does so when it joins a Swarm).
 *
 * @throws ToolError when the bridge has no IPv4 gateway.
 */
export async function hostGateway(docker: Docker): Promise<HostGateway> {
    const { OperatingSystem } = (await docker.info()) as { OperatingSystem?: string };
    if (OperatingSystem === "Docker Desktop") return DESKTOP;
    const bridge = (await inspectBridge(docker)) ?? (await createBridge(docker));
    // "172.18.0.1" or, on some engines, "172.18.0.1/16".
    const gateways = (bridge.IPAM?.Config ?? []).map(({ Gateway }) => Gateway?.split("/")[0] ?? "");
    const gateway = gateways.find((address) => address.includes("."));
    if (gateway) return { listenAddress: gateway, dialHost: gateway };
    throw new ToolError(
        `The Docker network ${GATEWAY_BRIDGE} has no IPv4 gateway, so a container cannot reach this machine.`,
        `Remove it ("docker network rm ${GATEWAY_BRIDGE}") and run this again: it is made anew.`,
    );
}

async function inspectBridge(docker: Docker): Promise<Docker.NetworkInspectInfo | undefined> {
    try {
        return await docker.getNetwork(GATEWAY_BRIDGE).inspect();
    } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
    }
}

async function createBridge(docker: Docker): Promise<Docker.NetworkInspectInfo> {
    try {
        await docker.createNetwork({
            Name: GATEWAY_BRIDGE,
            Driver: "bridge",
            Options: {
                "com.docker.network.bridge.name": GATEWAY_BRIDGE,
                "com.docker.network.bridge.enable_icc": "false",
                "com.docker.network.bridge.enable_ip_masquerade": "true",
            },
        });
    } catch (error) {
        // 409: the engine has made it meanwhile.
        if (statusOf(error) !== 409) throw error;
    }
    return docker.getNetwork(GATEWAY_BRIDGE).inspect();
}
