import type Docker from "dockerode";
import { ToolError } from "../errors.ts";
import { reasonOf, statusOf } from "./wait.ts";

/** The Swarm that this engine manages. */
export interface SwarmNode {
    readonly nodeId: string;
    /** Whether the Swarm was made by this call. */
    readonly created: boolean;
}

/** The part of `GET /info` that is read here. */
interface SwarmInfo {
    readonly NodeID: string;
    readonly LocalNodeState: "inactive" | "pending" | "active" | "error" | "locked";
    readonly ControlAvailable: boolean;
    readonly Error: string;
}

/**
 * A Swarm that this engine manages. One that is there is used, never left or changed; where there is none, one is made
 * whose management port listens on loopback only.
 *
 * @throws ToolError when the node is only a worker, or its Swarm is locked or broken.
 */
export async function ensureSwarm(docker: Docker): Promise<SwarmNode> {
    const before = await swarmInfo(docker);
    if (before.LocalNodeState !== "inactive") return managed(before, false);
    try {
        await docker.swarmInit({ AdvertiseAddr: "127.0.0.1", ListenAddr: "127.0.0.1:2377" });
    } catch (error) {
        // 503: another process made the Swarm between the question and this request.
        if (statusOf(error) !== 503) {
            throw new ToolError(
                `Docker cannot make a Swarm: ${reasonOf(error)}`,
                'Run "docker swarm init --advertise-addr 127.0.0.1" and see what it says.',
            );
        }
        return managed(await swarmInfo(docker), false);
    }
    return managed(await swarmInfo(docker), true);
}

async function swarmInfo(docker: Docker): Promise<SwarmInfo> {
    return ((await docker.info()) as { Swarm: SwarmInfo }).Swarm;
}

function managed(swarm: SwarmInfo, created: boolean): SwarmNode {
    if (swarm.LocalNodeState === "locked") {
        throw new ToolError("This engine's Swarm is locked.", 'Run "docker swarm unlock" with its unlock key.');
    }
    if (swarm.LocalNodeState !== "active") {
        throw new ToolError(
            `This engine's Swarm is in state "${swarm.LocalNodeState}"${swarm.Error ? `: ${swarm.Error}` : ""}.`,
            'Repair it ("docker info" tells more), or run "docker swarm leave" if nothing on it is needed.',
        );
    }
    if (!swarm.ControlAvailable) {
        throw new ToolError(
            "This engine is a worker of its Swarm; only a manager can create services.",
            "Point DOCKER_HOST at a manager of that Swarm, or use an engine of its own.",
        );
    }
    return { nodeId: swarm.NodeID, created };
}
