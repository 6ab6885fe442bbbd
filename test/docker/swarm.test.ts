import { describe, expect, it } from "vitest";
import { dockerAt, ensureSwarm, hostGateway, objectsOf, removeObjects } from "../../toolchain/docker/index.ts";
import { FakeEngine, type Reply } from "./support/fakeEngine.ts";

const info = (swarm: object, more: object = {}): Reply => ({ body: { Swarm: { Error: "", ...swarm }, ...more } });
const active = { LocalNodeState: "active", ControlAvailable: true, NodeID: "node" };

describe("the Swarm", () => {
    it("is made on loopback where the engine is in none", async () => {
        await using engine = await FakeEngine.start();
        let made = false;
        engine.answer("GET /info", () => info(made ? active : { LocalNodeState: "inactive", ControlAvailable: false }));
        engine.answer("POST /swarm/init", ({ body }) => {
            expect(JSON.parse(body)).toEqual({ AdvertiseAddr: "127.0.0.1", ListenAddr: "127.0.0.1:2377" });
            made = true;
            return { body: "node" };
        });
        expect(await ensureSwarm(dockerAt(engine.host))).toEqual({ nodeId: "node", created: true });
    });

    it("is used, not changed, where there is one, also when another process was faster", async () => {
        await using engine = await FakeEngine.start({ "GET /info": info(active) });
        expect(await ensureSwarm(dockerAt(engine.host))).toEqual({ nodeId: "node", created: false });
        expect(engine.requests.every(({ method }) => method === "GET")).toBe(true);

        let asked = 0;
        engine.answer("GET /info", () => info(asked++ === 0 ? { LocalNodeState: "inactive" } : active));
        engine.answer("POST /swarm/init", { status: 503, body: { message: "This node is already part of a swarm." } });
        expect(await ensureSwarm(dockerAt(engine.host))).toEqual({ nodeId: "node", created: false });
    });

    it.each([
        ["a worker", { ...active, ControlAvailable: false }, "worker of its Swarm", "Point DOCKER_HOST at a manager"],
        ["a locked one", { LocalNodeState: "locked" }, "is locked", "docker swarm unlock"],
        ["a broken one", { LocalNodeState: "error", Error: "no quorum" }, 'in state "error": no quorum', "docker info"],
    ])("is refused with the way out: %s", async (_, swarm, message, fix) => {
        await using engine = await FakeEngine.start({ "GET /info": info(swarm) });
        const refusal = ensureSwarm(dockerAt(engine.host));
        await expect(refusal).rejects.toThrow(message);
        await expect(refusal).rejects.toMatchObject({ fix: expect.stringContaining(fix) });
    });
});

describe("the way from a task to this machine", () => {
    const bridge = (gateway: string) => ({
        body: { IPAM: { Config: [{ Subnet: "172.18.0.0/16", Gateway: gateway }] } },
    });

    it.each(["172.18.0.1", "172.18.0.1/16"])("is the gateway of docker_gwbridge, given as %s", async (gateway) => {
        await using engine = await FakeEngine.start({
            "GET /info": info(active),
            "GET /networks/docker_gwbridge": bridge(gateway),
        });
        const address = "172.18.0.1";
        expect(await hostGateway(dockerAt(engine.host))).toEqual({ listenAddress: address, dialHost: address });
    });

    it("is made as Docker makes it where it is missing", async () => {
        await using engine = await FakeEngine.start({ "GET /info": info(active) });
        engine.answer("POST /networks/create", ({ body }) => {
            expect(JSON.parse(body)).toMatchObject({
                Name: "docker_gwbridge",
                Options: { "com.docker.network.bridge.enable_icc": "false" },
            });
            engine.answer("GET /networks/docker_gwbridge", bridge("172.19.0.1"));
            return { status: 201, body: { Id: "id" } };
        });
        expect(await hostGateway(dockerAt(engine.host))).toMatchObject({ listenAddress: "172.19.0.1" });
    });

    it("is a name that leads to loopback on Docker Desktop, whose bridge is inside a virtual machine", async () => {
        await using engine = await FakeEngine.start({
            "GET /info": info(active, { OperatingSystem: "Docker Desktop" }),
        });
        expect(await hostGateway(dockerAt(engine.host))).toEqual({
            listenAddress: "127.0.0.1",
            dialHost: "host.docker.internal",
        });
        expect(engine.requests.map(({ path }) => path)).not.toContain("/networks/docker_gwbridge");
    });
});

describe("a stack's objects", () => {
    it("are found by their label, with what they run and what they publish", async () => {
        await using engine = await FakeEngine.start({
            "GET /services": {
                body: [
                    {
                        ID: "s1",
                        Spec: { Name: "web", TaskTemplate: { ContainerSpec: { Image: "web:1" } } },
                        Endpoint: { Ports: [{ PublishedPort: 8080 }] },
                        ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 },
                    },
                ],
            },
            "GET /networks": {
                body: [
                    { Id: "n2", Name: "b" },
                    { Id: "n1", Name: "a" },
                ],
            },
            "GET /secrets": { body: [{ ID: "x", Spec: { Name: "token" } }] },
            "GET /configs": { body: [] },
        });
        expect(await objectsOf(dockerAt(engine.host), "local")).toEqual({
            services: [
                { id: "s1", name: "web", image: "web:1", replicas: { running: 1, desired: 2 }, publishedPorts: [8080] },
            ],
            networks: [
                { id: "n1", name: "a" },
                { id: "n2", name: "b" },
            ],
            secrets: [{ id: "x", name: "token" }],
            configs: [],
        });
        for (const { query } of engine.requests) {
            expect(JSON.parse(query.get("filters") ?? "{}")).toEqual({ label: ["sallyport.stack=local"] });
        }
    });

    it("are removed services first, again and again while a task holds on to them, and may be gone already", async () => {
        await using engine = await FakeEngine.start({
            "DELETE /services/s1": { status: 404, body: { message: "gone" } },
        });
        let held = true;
        engine.answer("DELETE /networks/n1", () => {
            const refused = { status: 400, body: { message: "network a is in use by task t" } };
            if (!held) return { status: 204 };
            held = false;
            return refused;
        });
        const web = { id: "s1", name: "web", image: "", replicas: { running: 0, desired: 0 }, publishedPorts: [] };
        const network = { id: "n1", name: "a" };
        const docker = dockerAt(engine.host);
        await removeObjects(docker, { services: [web], networks: [network], secrets: [], configs: [] });
        const paths = engine.requests.map(({ path }) => path);
        expect(paths).toEqual(["/services/s1", "/networks/n1", "/networks/n1", "/networks/n1"]);

        engine.answer("DELETE /networks/n1", { status: 400, body: { message: "network a is in use by task t" } });
        const stuck = removeObjects(docker, { services: [], networks: [network], secrets: [], configs: [] }, 0);
        await expect(stuck).rejects.toThrow('The Docker network "a" cannot be removed: network a is in use by task t');
    });

    it("are gone when the node has let go of a network as well, not only the Swarm's manager", async () => {
        let lingering = true;
        await using engine = await FakeEngine.start({ "DELETE /networks/n1": { status: 204 } });
        engine.answer("GET /networks/n1", () => {
            if (!lingering) return { status: 404, body: { message: "gone" } };
            lingering = false;
            return { body: { Id: "n1", Name: "a" } };
        });
        const objects = { services: [], networks: [{ id: "n1", name: "a" }], secrets: [], configs: [] };
        await removeObjects(dockerAt(engine.host), objects);
        expect(engine.requests.map(({ method }) => method)).toEqual(["DELETE", "GET", "DELETE", "GET"]);

        engine.answer("GET /networks/n1", { body: { Id: "n1", Name: "a" } });
        const stuck = removeObjects(dockerAt(engine.host), objects, 0);
        await expect(stuck).rejects.toThrow('"a" cannot be removed: a task that is ending holds on to it');
    });
});
