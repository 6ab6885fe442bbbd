import { describe, expect, it } from "vitest";
import {
    connectorContainers,
    declaredMetricsPort,
    runningRules,
    shippedRules,
} from "../../cli/audit/docker/connectors.ts";
import { listenerChecks } from "../../cli/audit/docker/listenerChecks.ts";
import { originChecks } from "../../cli/audit/docker/originCertificates.ts";
import { serviceChecks } from "../../cli/audit/docker/serviceChecks.ts";
import { type AuditedContainer, type DockerView, readDocker } from "../../cli/audit/docker/view.ts";
import { wasChecked } from "../../cli/audit/finding.ts";
import { hostCheck } from "../../cli/audit/host/hostCheck.ts";
import { type Answer, FakeEngine } from "../docker/support/fakeEngine.ts";

const SERVICES = ["demo-service-1", "traefik-service-2", "connector-service-3"];

interface Situation {
    /** Services that publish a port, through Swarm. */
    readonly publishing?: readonly string[];
    /** Services whose one container has a port that Docker publishes. */
    readonly exposing?: readonly string[];
    /** Services of which nothing runs. */
    readonly stopped?: readonly string[];
    readonly operatingSystem?: string;
    readonly networkMode?: string;
    readonly tasks?: readonly object[];
}

/** An engine with a stack of three services, each with one container on the network `app`. */
function engineWith(situation: Situation = {}): Promise<FakeEngine> {
    const { publishing = [], exposing = [], stopped = [], networkMode = "default", tasks = [] } = situation;
    const services = SERVICES.map((name) => ({
        ID: `id-${name}`,
        Spec: { Name: name, TaskTemplate: { ContainerSpec: { Image: "i" } } },
        ServiceStatus: { RunningTasks: stopped.includes(name) ? 0 : 1, DesiredTasks: 1 },
        Endpoint: { Ports: publishing.includes(name) ? [{ PublishedPort: 39_999 }] : [] },
    }));
    const labels = (name: string) => ({ "com.docker.swarm.service.id": `id-${name}` });
    const containers = SERVICES.map((name) => ({
        Id: `container-${name}`,
        Labels: labels(name),
        Ports: exposing.includes(name) ? [{ PublicPort: 39_999 }, { PublicPort: 39_999 }] : [{ PrivatePort: 80 }],
    }));
    const stranger = { Id: "stranger", Labels: {}, Ports: [{ PublicPort: 80 }] };
    const inspected = SERVICES.map((name): [string, Answer] => [
        `GET /containers/container-${name}/json`,
        {
            body: {
                Id: `container-${name}`,
                Name: `/${name}.1`,
                State: { Pid: 4242 },
                HostConfig: { NetworkMode: networkMode },
                NetworkSettings: { Networks: { app: { IPAddress: "10.0.5.3" } } },
                Config: { Labels: labels(name), Env: ["TUNNEL_METRICS=127.0.0.1:20241", "A=b=c"] },
            },
        },
    ]);
    return FakeEngine.start({
        "GET /info": {
            body: { OperatingSystem: situation.operatingSystem ?? "Debian", Swarm: { NodeID: "here" } },
        },
        "GET /services": { body: services },
        "GET /networks": ({ query }) => ({
            body: query.has("filters")
                ? []
                : [{ Name: "app", Driver: "overlay", Internal: true, IPAM: { Config: [{ Subnet: "10.0.5.0/24" }] } }],
        }),
        "GET /secrets": { body: [] },
        "GET /configs": { body: [] },
        "GET /tasks": { body: tasks },
        "GET /containers/json": { body: [...containers, stranger] },
        ...Object.fromEntries(inspected),
    });
}

async function viewOf(situation: Situation = {}): Promise<DockerView> {
    await using engine = await engineWith(situation);
    return await readDocker("local", engine.host);
}

const failed = async (situation: Situation) =>
    (await serviceChecks(await viewOf(situation)))
        .filter(wasChecked)
        .filter(({ ok }) => !ok)
        .map(({ id, subject, detail }) => `${id}: ${subject}: ${detail}`);

describe("what Docker tells of a stack", () => {
    it("is its services and their containers, and no stranger's", async () => {
        const { services, containers, networks, tasksElsewhere } = await viewOf();
        expect(services.map(({ name }) => name)).toEqual(SERVICES.toSorted());
        expect(containers).toHaveLength(3);
        expect(containers[0]).toEqual({
            id: "container-connector-service-3",
            name: "connector-service-3.1",
            serviceId: "id-connector-service-3",
            pid: 4242,
            sharesHostNetwork: false,
            publishedPorts: [],
            networks: ["app"],
            environment: { TUNNEL_METRICS: "127.0.0.1:20241", A: "b=c" },
        } satisfies AuditedContainer);
        expect(networks).toEqual([{ name: "app", driver: "overlay", internal: true, subnets: ["10.0.5.0/24"] }]);
        expect(tasksElsewhere.size).toBe(0);
    });

    it("says which containers have no network namespace of their own", async () => {
        const { containers } = await viewOf({ networkMode: "host" });
        expect(containers.map(({ sharesHostNetwork }) => sharesHostNetwork)).toEqual([true, true, true]);
    });

    it("is nothing where the engine does not run, which is said with its address", async () => {
        await expect(readDocker("local", "unix:///nowhere/docker.sock")).rejects.toThrow(
            /Docker at unix:\/\/\/nowhere\/docker.sock cannot be asked: it is not running/,
        );
    });
});

describe("the services of a stack", () => {
    it("are well while they publish nothing and all their tasks run", async () => {
        expect(await failed({})).toEqual([]);
    });

    it.each(SERVICES)("are ill when %s publishes a port through Swarm", async (name) => {
        expect(await failed({ publishing: [name] })).toEqual([`no-published-port: ${name}: publishes 39999`]);
    });

    it.each(SERVICES)("are ill when Docker publishes a port of %s's container, past Swarm", async (name) => {
        expect(await failed({ exposing: [name] })).toEqual([`no-published-port: ${name}.1: publishes 39999`]);
    });

    it.each(SERVICES)("are ill when nothing of %s runs", async (name) => {
        expect(await failed({ stopped: [name] })).toEqual([`every-replica-runs: ${name}: 0 of 1`]);
    });
});

describe("the file of rules that the Swarm ships to a locally managed tunnel's connectors", () => {
    const tunnel = { id: "t", name: "sallyport-local", management: "local", service: "connector-service-3" } as const;
    const rules = [{ hostname: "a.example.com", service: "tcp://db:5432" }, { service: "http_status:404" }];
    const PATH = "/etc/cloudflared/config.json";

    /** An engine whose connectors' service has this command and these two configs. */
    async function shippedBy(args: string[], config: unknown = { tunnel: "t", ingress: rules }) {
        await using engine = await engineWith();
        const configs = [
            { ConfigID: "ca", File: { Name: "/etc/sallyport/origin-ca.pem" } },
            { ConfigID: "ingress", File: { Name: PATH } },
        ];
        const spec = { TaskTemplate: { ContainerSpec: { Args: args, Configs: configs } } };
        engine.answer("GET /services/id-connector-service-3", { body: { Spec: spec } });
        const data = Buffer.from(JSON.stringify(config)).toString("base64");
        engine.answer("GET /configs/ingress", { body: { Spec: { Data: data } } });
        return await shippedRules(await readDocker("local", engine.host), tunnel);
    }

    it("is the one that their command names", async () => {
        expect(await shippedBy(["tunnel", "--config", PATH, "run", "t"])).toEqual(rules);
        expect(await shippedBy(["tunnel", "--config", PATH, "run", "t"], { tunnel: "t" })).toEqual([]);
    });

    it.each([
        ["their command names none", ["tunnel", "run", "t"]],
        [
            "their command names one that the Swarm does not ship",
            ["tunnel", "--config", "/home/config.yml", "run", "t"],
        ],
    ])("is missed where %s", async (_, args) => {
        await expect(shippedBy(args)).rejects.toThrow("no file of rules is shipped to the connectors");
    });

    it("is missed with the service", async () => {
        const view = await viewOf();
        const gone = { ...tunnel, service: "connector-service-4" };
        await expect(shippedRules(view, gone)).rejects.toThrow("the connectors' service connector-service-4 is gone");
    });
});

describe("what takes root on the engine's own machine", () => {
    const tunnels = [
        { id: "t", name: "sallyport-local", management: "remote", service: "connector-service-3" },
    ] as const;
    const reason = "the containers run in a virtual machine, whose sockets are not shown here";
    const desktop = () => viewOf({ operatingSystem: "Docker Desktop" });

    it("is not checked elsewhere, each thing with the reason", async () => {
        const view = await desktop();
        expect(await listenerChecks(view)).toEqual(
            SERVICES.toSorted().map((subject) => ({ id: "no-reachable-listener", subject, reason })),
        );
        expect(await runningRules(view, tunnels)).toEqual({ reason });
        const rules = [
            { hostname: "a.example.com", service: "https://traefik:8443", originRequest: { caPool: "/ca.pem" } },
        ];
        expect(await originChecks("", Promise.resolve({ rules }), Promise.resolve(view), tunnels)).toEqual([
            { id: "origin-certificate-is-valid", subject: "traefik:8443", reason },
        ]);
        expect(await hostCheck({}, Promise.resolve(view))).toMatchObject([{ id: "host-listens-as-before", reason }]);
    });

    it("is not checked for tasks on other nodes, which are counted", async () => {
        const task = (ServiceID: string, NodeID: string) => ({ ServiceID, NodeID });
        const view = await viewOf({
            tasks: [
                task("id-demo-service-1", "here"),
                task("id-traefik-service-2", "there"),
                task("id-traefik-service-2", "yonder"),
            ],
        });
        const findings = await listenerChecks({ ...view, containers: [], namespaceObstacle: undefined });
        expect(findings).toEqual([
            {
                id: "no-reachable-listener",
                subject: "traefik-service-2",
                reason: "2 of its tasks run on other nodes of the Swarm; run the audit there as root",
            },
        ]);
    });

    it.runIf(process.platform === "linux")("is not checked in a process that is not the container's", async () => {
        const { containers, ...view } = await viewOf();
        const [container] = containers;
        const own = container && { ...container, pid: process.pid };
        const findings = await listenerChecks({ ...view, containers: own ? [own] : [], namespaceObstacle: undefined });
        expect(findings).toMatchObject([
            { subject: "connector-service-3.1", reason: expect.stringContaining("is not to be seen from here") },
        ]);
    });

    it("is asked of the connectors' containers alone", async () => {
        const view = await viewOf();
        expect(connectorContainers(view, tunnels).map(({ name }) => name)).toEqual(["connector-service-3.1"]);
        const none = { ...view, containers: [], namespaceObstacle: undefined };
        expect(await runningRules(none, tunnels)).toEqual({ reason: "none of them runs on this machine" });
    });
});

describe("figures of connectors", () => {
    it("are declared by the stack, for the connectors' own service and the port that it was told", async () => {
        const view = await viewOf();
        const [tunnel] = [{ id: "t", name: "edge", management: "remote", service: "connector-service-3" } as const];
        const ports = (servesMetrics?: boolean) =>
            view.containers.map((one) => declaredMetricsPort(one, view, [{ ...tunnel, servesMetrics }]));
        expect(ports(true)).toEqual([20_241, undefined, undefined]);
        expect(ports()).toEqual([undefined, undefined, undefined]);
        const everywhere = view.containers.map((one) => ({ ...one, environment: { TUNNEL_METRICS: "0.0.0.0:9100" } }));
        const declared = [{ ...tunnel, servesMetrics: true }];
        expect(everywhere.map((one) => declaredMetricsPort(one, view, declared))[0]).toBe(9_100);
    });
});

describe("the local environment's machine", () => {
    it("is not compared with a time that nobody noted, which is said", async () => {
        const local = { before: undefined, emulatorPid: 1, edge: [] };
        expect(await hostCheck({ local }, undefined)).toMatchObject([
            { reason: expect.stringMatching(/not known; take the environment down|only Linux/) },
        ]);
    });
});
