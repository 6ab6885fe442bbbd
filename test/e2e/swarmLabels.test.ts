import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askApi } from "../../cli/cloudflareApi.ts";
import type { Drift } from "../../cli/drift/difference.ts";
import { apiOf, ask } from "../../cli/local/apiObjects.ts";
import { type LocalOutputs, localOutputs } from "../../cli/local/status.ts";
import type { Plan } from "../../cli/preview/plan.ts";
import type { ListedService } from "../../cli/swarm/list.ts";
import { objectsOf, removeObjects } from "../../toolchain/docker/index.ts";
import { sallyport } from "../support/cli.ts";
import { askEdge } from "./support/askEdge.ts";

const docker = new Docker();
const SHARED = "labels-test-shared";
const INTERNAL = "labels-test-internal";
const WEB = "labels-test_web";
const NAME = "labels-web.sallyport.localhost";

type Emulator = Awaited<ReturnType<typeof localOutputs>>["emulator"];
let emulator: Emulator;
let outputs: LocalOutputs;
let image: string;

/** A service of the demo's image on a network of its own, as `docker service create` makes it. */
async function create(
    name: string,
    labels: Record<string, string>,
    { network = SHARED, dnsrr = false, global = false } = {},
) {
    await docker.createService({
        Name: name,
        Labels: labels,
        TaskTemplate: {
            ContainerSpec: { Image: image, Args: ["--port", "8080"], User: "65532:65532", StopGracePeriod: 1e9 },
            Networks: [{ Target: network }],
        },
        Mode: global ? { Global: {} } : { Replicated: { Replicas: 1 } },
        EndpointSpec: { Mode: dnsrr ? "dnsrr" : "vip" },
    } as Docker.CreateServiceOptions);
}

/** What dockerode's types leave out of an inspected service. */
interface ServiceToUpdate {
    ID: string;
    Version: { Index: number };
    Spec: object;
}

const labels = (more: Record<string, string> = {}) => ({
    "sallyport.enable": "true",
    "sallyport.hostname": NAME,
    "sallyport.port": "8080",
    "sallyport.audience": "robots",
    ...more,
});

/** The answer of a host name's first page, with the stack's service token where `known`. */
async function visit(hostname: string, known: boolean): Promise<{ status: number; body: string }> {
    const [token] = Object.values(outputs.serviceTokens);
    const headers = known
        ? { "CF-Access-Client-Id": token?.clientId, "CF-Access-Client-Secret": token?.clientSecret }
        : {};
    const port = Number(emulator.https.split(":").at(-1));
    return askEdge({ port, caPem: emulator.edgeCaPem, hostname, headers });
}

/** Brings everything to what labels ask for; the exit code tells whether any service was refused. */
async function reconciled({ exitCode: expected = 0 } = {}): Promise<void> {
    const { exitCode, all } = await sallyport(["swarm", "watch", "local", "--once"], { all: true });
    expect(exitCode, String(all)).toBe(expected);
}

async function list(): Promise<{ exitCode: number | undefined; services: ListedService[] }> {
    const { exitCode, stdout } = await sallyport(["swarm", "ls", "local", "--json"]);
    return { exitCode, services: JSON.parse(String(stdout)) as ListedService[] };
}

async function preview(): Promise<Plan> {
    const { stdout, exitCode, stderr } = await sallyport(["preview", "local", "--format", "json"]);
    expect(exitCode, String(stderr)).toBe(0);
    return JSON.parse(String(stdout)) as Plan;
}

/** Host names with a record, and those with an application before them. */
async function publishedInAccount() {
    const account = `/accounts/${emulator.accountId}`;
    const [zone] = await ask<{ id: string }[]>(emulator, "/zones");
    const [records, applications] = await Promise.all([
        ask<{ name: string; type: string; content: string }[]>(emulator, `/zones/${zone?.id}/dns_records`),
        ask<{ domain: string; policies: { id: string }[] }[]>(emulator, `${account}/access/apps`),
    ]);
    return {
        zoneId: zone?.id ?? "",
        records: records.map(({ name }) => name).toSorted(),
        applications: applications.map(({ domain }) => domain).toSorted(),
        policies: new Set(applications.flatMap(({ policies }) => policies.map(({ id }) => id))),
    };
}

/** Names of the networks of the service of ours whose name has these parts. */
async function networksOf(exposure: string, part: string): Promise<(string | undefined)[]> {
    const [services, networks] = await Promise.all([docker.listServices(), docker.listNetworks()]);
    const names = new Map(networks.map(({ Id, Name }) => [Id, Name]));
    const isIt = new RegExp(`^${exposure}-[0-9a-f]{10}${part}`);
    const found = services.find(({ Spec }) => isIt.test(Spec?.Name ?? ""));
    const { Networks = [] } = (found?.Spec?.TaskTemplate ?? {}) as { Networks?: { Target: string }[] };
    return Networks.map(({ Target }) => names.get(Target));
}

/** Publishes a port of a service by hand. @returns what takes it away again. */
async function published(name: string, port: number): Promise<() => Promise<void>> {
    const withPorts = async (ports: object[]) => {
        const { ID, Version, Spec } = (await docker.getService(name).inspect()) as ServiceToUpdate;
        const { EndpointSpec } = Spec as { EndpointSpec?: object };
        const spec = { ...Spec, EndpointSpec: { ...EndpointSpec, Ports: ports } };
        await docker.getService(ID).update({ version: Version.Index, ...spec });
    };
    await withPorts([{ Protocol: "tcp", TargetPort: port, PublishedPort: port, PublishMode: "host" }]);
    return () => withPorts([]);
}

beforeAll(async () => {
    const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
    expect(exitCode, String(stderr)).toBe(0);
    ({ emulator, outputs } = await localOutputs());
    const { services } = await objectsOf(docker, "local");
    image = services.find(({ name }) => name.startsWith("demo"))?.image ?? "";
    await docker.createNetwork({ Name: SHARED, Driver: "overlay" });
    await docker.createNetwork({ Name: INTERNAL, Driver: "overlay", Internal: true });
});

afterAll(async () => {
    const { exitCode, stderr } = await sallyport(["local", "down"]);
    const [services, networks] = await Promise.all([
        docker.listServices({ filters: { name: ["labels-test"] } }),
        // The engine's own filter finds a network of the Swarm by a part of its name only while a task here is on it.
        docker.listNetworks(),
    ]);
    await removeObjects(docker, {
        services: services.map(({ ID, Spec }) => ({
            ...{ id: ID, name: Spec?.Name ?? "", image: "", publishedPorts: [] },
            replicas: { running: 0, desired: 0 },
        })),
        networks: networks
            .filter(({ Name }) => [SHARED, INTERNAL].includes(Name))
            .map(({ Id, Name }) => ({ id: Id, name: Name })),
        secrets: [],
        configs: [],
    });
    // Whatever was published goes with the environment, by the engine and not by force.
    expect(exitCode, String(stderr)).toBe(0);
    expect(String(stderr)).not.toContain("could not destroy");
    expect(await objectsOf(docker, "local")).toEqual({ services: [], networks: [], secrets: [], configs: [] });
});

describe("a service that is made with labels", () => {
    it("is shown by a preview alone, with who would gain access, and nothing is published by that", async () => {
        await create(WEB, labels());
        const plan = await preview();
        expect(plan.services).toMatchObject([{ service: WEB, state: "pending", hostnames: [NAME] }]);
        expect(plan.changes.create).toBeGreaterThan(5);
        expect(plan.violations).toEqual([]);
        expect(plan.access.lost).toEqual([]);
        expect(plan.access.gained).toMatchObject([
            { who: "service token local-ci", what: expect.stringContaining(NAME) },
        ]);
        expect((await publishedInAccount()).records).toEqual(["demo.sallyport.localhost"]);
        expect(await list()).toMatchObject({ exitCode: 0, services: [{ service: WEB, state: "pending" }] });
        expect((await visit(NAME, true)).status).toBe(530);
    });

    it("is reached by its audience through the edge, and refused to others", async () => {
        await reconciled();
        expect(await list()).toMatchObject({ exitCode: 0, services: [{ service: WEB, state: "exposed" }] });
        const stranger = await visit(NAME, false);
        expect(stranger.status).toBe(401);
        const known = await visit(NAME, true);
        expect(known.status, known.body).toBe(200);
        expect(known.body).toContain(`Host: ${NAME}`);
        const { access, services } = await preview();
        expect(access).toEqual({ gained: [], lost: [], changed: [] });
        expect(services).toMatchObject([{ state: "exposed" }]);
    });
});

describe("what differs", () => {
    const drift = async () => {
        const { exitCode, stdout, stderr } = await sallyport(["drift", "local", "--json"]);
        return { exitCode, stderr: String(stderr), found: JSON.parse(String(stdout)) as Drift };
    };

    it("is nothing while all is as declared, and everything was compared", async () => {
        const { exitCode, stderr, found } = await drift();
        expect(found, stderr).toEqual({ stack: "local", ok: true, differences: [], notCompared: [] });
        expect(exitCode).toBe(0);
    });

    it("is told three ways, with who changed the account, for labelled services too", async () => {
        const { zoneId } = await publishedInAccount();
        const records = `/zones/${zoneId}/dns_records`;
        const [record] = await ask<{ id: string; comment: string }[]>(emulator, `${records}?name=${NAME}`);
        await askApi(apiOf(emulator), `${records}/${record?.id}`, "PATCH", { comment: "by hand" });
        await create("labels-test_waiting", labels({ "sallyport.hostname": "waiting.sallyport.localhost" }));
        const { services } = await objectsOf(docker, "local");
        const connector = services.find(({ name }) => name.startsWith("tunnel"))?.name ?? "";
        const restore = await published(connector, 45_678);
        const { exitCode, found } = await drift();
        await docker.getService("labels-test_waiting").remove();
        await restore();
        await askApi(apiOf(emulator), `${records}/${record?.id}`, "PATCH", { comment: record?.comment });

        expect(exitCode).toBe(1);
        const told = found.differences.map(({ source, subject }) => `${source} ${subject}`);
        expect(told).toContain("program labels-test_waiting");
        expect(told).toContain(`running ${connector}`);
        const changed = found.differences.find(({ source, subject }) => source === "api" && subject.endsWith(NAME));
        expect(changed).toMatchObject({
            what: "differs",
            values: [{ path: "comment", expected: record?.comment, found: "by hand" }],
            author: { who: "token emulator", through: expect.stringContaining("the API with a token") },
        });
        expect(found.notCompared).toEqual([]);
    });
});

describe("services that ask for more than the stack allows", () => {
    it("get nothing, are told why, and take nothing from anybody", async () => {
        const before = await publishedInAccount();
        const taken = {
            name: "taken.sallyport.localhost",
            type: "A",
            content: "192.0.2.7",
            comment: "Ada's, do not touch",
        };
        await askApi(apiOf(emulator), `/zones/${before.zoneId}/dns_records`, "POST", { ...taken, proxied: true });
        const hostile: Record<string, Record<string, string>> = {
            zone: { "sallyport.hostname": "web.example.com" },
            audience: { "sallyport.hostname": "a.sallyport.localhost", "sallyport.audience": "everyone" },
            stack: { "sallyport.hostname": "demo.sallyport.localhost" },
            neighbour: { "sallyport.hostname": NAME, "sallyport.path": "/stolen" },
            wildcard: { "sallyport.hostname": "*.sallyport.localhost" },
            origin: { "sallyport.hostname": "o.sallyport.localhost", "sallyport.port": "80@traefik:8443" },
            scheme: { "sallyport.hostname": "s.sallyport.localhost", "sallyport.scheme": "bastion" },
            owner: { "sallyport.hostname": taken.name },
        };
        for (const [name, more] of Object.entries(hostile)) await create(`labels-test_${name}`, labels(more));
        // What somebody else has may become free, so it counts as failed and not as refused for good.
        await reconciled({ exitCode: 3 });

        const { exitCode, services } = await list();
        await Promise.all(Object.keys(hostile).map((name) => docker.getService(`labels-test_${name}`).remove()));
        expect(exitCode).toBe(1);
        const states = Object.fromEntries(services.map(({ service, state }) => [service, state]));
        const refused = Object.keys(hostile).map((name) => [`labels-test_${name}`, "refused"]);
        expect(states).toEqual({ [WEB]: "exposed", ...Object.fromEntries(refused) });
        const reasonOf = (name: string) =>
            services.find(({ service }) => service === `labels-test_${name}`)?.problems[0]?.reason;
        expect(reasonOf("neighbour")).toContain(`belongs to the service "${WEB}"`);
        expect(reasonOf("owner")).toContain(`A 192.0.2.7, comment "Ada's, do not touch"`);
        const after = await publishedInAccount();
        expect(after).toEqual({ ...before, records: [...before.records, taken.name].toSorted() });
        expect((await visit(NAME, true)).status).toBe(200);
    });
});

describe("labels that change", () => {
    it("change who may enter, whatever way the service's tasks are found and wherever it has its network", async () => {
        const other = "labels-other.sallyport.localhost";
        const inside = { network: INTERNAL, dnsrr: true, global: true };
        const throughProxy = { "sallyport.hostname": other, "sallyport.middlewares": "tagged" };
        await create("labels-test_inside", labels(throughProxy), inside);
        const { ID, Version, Spec } = (await docker.getService(WEB).inspect()) as ServiceToUpdate;
        const moved = { ...Spec, Labels: labels({ "sallyport.audience": "developers" }) };
        await docker.getService(ID).update({ version: Version.Index, ...moved });
        const { access } = await preview();
        expect(access.lost.map(({ who }) => who)).toEqual(["service token local-ci"]);
        expect(access.gained.map(({ who, what }) => `${who} ${what.split(" ")[0]}`).toSorted()).toEqual([
            `people of @example.com ${NAME}`,
            `service token local-ci ${other}`,
        ]);
        await reconciled();
        const inProxy = await visit(other, true);
        expect(inProxy.status, inProxy.body).toBe(200);
        // Written by the proxy that the service asked for.
        expect(inProxy.body).toContain("X-Environment: local");
        expect(await networksOf("labels-test-inside", "-service-")).not.toContain(INTERNAL);
        expect(await networksOf("labels-test-inside", "-tls-service-")).toContain(INTERNAL);
        // A service token is none of the developers.
        const refused = await visit(NAME, true);
        expect([302, 401, 403]).toContain(refused.status);
        expect(refused.body).not.toContain("Hostname:");
    });
});

describe("a service that goes", () => {
    it("takes everything along that published it, and nothing else", async () => {
        await Promise.all([WEB, "labels-test_inside"].map((name) => docker.getService(name).remove()));
        expect((await list()).services.map(({ state }) => state)).toEqual(["orphaned", "orphaned"]);
        await reconciled();
        expect(await list()).toEqual({ exitCode: 0, services: [] });
        expect((await visit(NAME, true)).status).toBe(530);
        const { records, applications } = await publishedInAccount();
        expect(records).toEqual(["demo.sallyport.localhost", "taken.sallyport.localhost"]);
        expect(applications).toEqual(["demo.sallyport.localhost"]);
        const { services } = await objectsOf(docker, "local");
        expect(services.map(({ name }) => name.split("-")[0])).toEqual(["demo", "traefik", "tunnel"]);
    });

    it("leaves nothing to its environment either, when that is taken down first", async () => {
        await create(WEB, labels());
        await reconciled();
        expect((await visit(NAME, true)).status).toBe(200);
    });
});
