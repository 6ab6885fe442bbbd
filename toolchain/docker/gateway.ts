import type Docker from "dockerode";
import { ToolError } from "../errors.ts";
import { statusOf } from "./wait.ts";

/** The bridge through which the tasks of overlay networks reach their host. */
const GATEWAY_BRIDGE = "docker_gwbridge";

/** Docker Desktop's engine lives in a virtual machine: its bridge's gateway is not the user's machine, this name is. */
const DESKTOP_HOST = "host.docker.internal";

/**
 * The address at which a Swarm task reaches a listener on this machine: the gateway of `docker_gwbridge`, or
 * `host.docker.internal` on Docker Desktop. A listener binds this very address (loopback on Docker Desktop).
 *
 * The bridge is made with the options that Docker itself uses if the engine has not made it yet (it does so when it joins a Swarm).
 *
 * @throws ToolError when the bridge has no IPv4 gateway.
 */
export async function bridgeGateway(docker: Docker): Promise<string> {
    const { OperatingSystem } = (await docker.info()) as { OperatingSystem?: string };
    if (OperatingSystem === "Docker Desktop") return DESKTOP_HOST;
    const bridge = (await inspectBridge(docker)) ?? (await createBridge(docker));
    // "172.18.0.1" or, on some engines, "172.18.0.1/16".
    const gateways = (bridge.IPAM?.Config ?? []).map(({ Gateway }) => Gateway?.split("/")[0] ?? "");
    const gateway = gateways.find((address) => address.includes("."));
    if (gateway) return gateway;
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
