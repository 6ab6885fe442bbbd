import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REQUEST } from "../edge/support/connectorMessages.ts";
import { TUNNEL_ID } from "../edge/support/edgeUnderTest.ts";
import { HOSTNAME, PublicEdgeUnderTest } from "../edge/support/publicEdgeUnderTest.ts";
import { type EngineStack, openEngineStack } from "./support/engineStack.ts";
import { askTimes, askUntil } from "./support/load.ts";
import { openSwarmNodes, type SwarmNodes } from "./support/swarmNodes.ts";
import { configuration } from "./support/throughTunnel.ts";

const PROGRAM = join(import.meta.dirname, "programs/nodes");

describe("a Swarm of a manager and a worker", () => {
    const opened = new AsyncDisposableStack();
    let nodes: SwarmNodes;
    let edge: PublicEdgeUnderTest;
    let under: EngineStack;

    /** Ids of the nodes on which tasks of a service run, sorted. */
    async function nodesOf(service: string): Promise<string[]> {
        const filters = JSON.stringify({ "desired-state": ["running"] });
        const [services, tasks] = await Promise.all([
            nodes.manager.docker.listServices(),
            nodes.manager.docker.listTasks({ filters }) as Promise<Task[]>,
        ]);
        const id = services.find(({ Spec }) => Spec?.Name?.startsWith(service))?.ID;
        return tasks
            .filter(({ ServiceID, Status }) => ServiceID === id && Status.State === "running")
            .map(({ NodeID }) => NodeID)
            .toSorted();
    }

    /** Host name of a service's one task, as it answers. */
    async function containerOf(service: string): Promise<string> {
        const label = "com.docker.swarm.service.name";
        const engines = [nodes.manager.docker, nodes.worker.docker];
        const containers = (await Promise.all(engines.map((docker) => docker.listContainers()))).flat();
        return containers.find(({ Labels }) => Labels[label] === service)?.Id.slice(0, 12) ?? "none";
    }

    async function availability(docker: Docker, nodeId: string, wanted: "active" | "drain"): Promise<void> {
        const node = docker.getNode(nodeId);
        const { Version, Spec } = (await node.inspect()) as { Version: { Index: number }; Spec: object };
        await node.update({ version: Version.Index, ...Spec, Availability: wanted });
    }

    const serve = (service: string) =>
        edge.tunnels.directory.configure(TUNNEL_ID, configuration(`http://tasks.${service}:8080`));
    const ask = async () => {
        const { status, body } = await edge.ask({ hostname: HOSTNAME });
        return { status, body: /^Hostname: (.*)$/m.exec(body)?.[1] ?? body };
    };

    beforeAll(async () => {
        nodes = opened.use(await openSwarmNodes());
        edge = opened.use(await PublicEdgeUnderTest.start());
        serve("near");
        const { accountTag, tunnelSecret, tunnelId } = REQUEST;
        const secret = Buffer.from(tunnelSecret).toString("base64");
        const settings = {
            host: nodes.manager.host,
            images: nodes.manager.images,
            edge: {
                addresses: [await nodes.expose(Number(edge.tunnels.endpoint.address.split(":").at(-1)))],
                caPem: edge.caPem,
            },
            tunnelId,
            credentials: JSON.stringify({ AccountTag: accountTag, TunnelSecret: secret, TunnelID: tunnelId }),
            pinned: { near: nodes.manager.nodeId, far: nodes.worker.nodeId },
        };
        under = opened.use(await openEngineStack(PROGRAM, { NODES_SETTINGS: JSON.stringify(settings) }));
        await under.stack.up();
    });
    afterAll(() => opened.disposeAsync());

    it("has a connector on each node, and a global service on both, where placement says nothing else", async () => {
        const both = [nodes.manager.nodeId, nodes.worker.nodeId].toSorted();
        expect(await nodesOf("connector")).toEqual(both);
        await expect.poll(() => nodesOf("everywhere"), { timeout: 30_000 }).toEqual(both);
        expect(await nodesOf("near")).toEqual([nodes.manager.nodeId]);
        expect(await nodesOf("far")).toEqual([nodes.worker.nodeId]);
    });

    it("is reached on every node: whichever connector asks, one of the two services is on the other node", async () => {
        const answeredBy = async (service: string) => {
            serve(service);
            const expected = await containerOf(service);
            await expect
                .poll(async () => [...(await askTimes(20, 4, ask)).keys()], { timeout: 30_000 })
                .toEqual([`200 ${expected}`]);
        };
        await answeredBy("far");
        await answeredBy("near");
    });

    it("loses no request when the node with a connector on it is drained: that one takes its leave of the edge", async () => {
        const connectors = () =>
            new Set(edge.tunnels.edge.connectionsOf(TUNNEL_ID).map(({ connector }) => connector.id));
        expect(connectors().size).toBe(2);
        const left = async () => {
            await availability(nodes.manager.docker, nodes.worker.nodeId, "drain");
            await expect.poll(() => connectors().size, { timeout: 60_000 }).toBe(1);
            await askTimes(100, 4, ask);
        };
        const answers = await askUntil(left(), 8, ask);
        expect([...answers.keys()].map((answer) => answer.slice(0, 3))).toEqual(["200"]);
        await expect.poll(() => nodesOf("everywhere")).toEqual([nodes.manager.nodeId]);
    });

    it("has its global service back on a node that takes tasks again", async () => {
        await availability(nodes.manager.docker, nodes.worker.nodeId, "active");
        await expect
            .poll(() => nodesOf("everywhere"), { timeout: 30_000 })
            .toEqual([nodes.manager.nodeId, nodes.worker.nodeId].toSorted());
    });
});

interface Task {
    ServiceID: string;
    NodeID: string;
    Status: { State: string };
}
