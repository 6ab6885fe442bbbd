import type Docker from "dockerode";
import {
    connect,
    type DockerServiceObject,
    objectsOf,
    type RunningDocker,
    STACK_LABEL,
} from "../../../toolchain/docker/index.ts";
import { inspectHost } from "../../../toolchain/index.ts";
import { namespaceObstacle } from "../namespace/reach.ts";

/** A container of the stack's, as Docker tells it. */
export interface AuditedContainer {
    readonly id: string;
    readonly name: string;
    /** Id of the Swarm service that it is a task of, if it is one's. */
    readonly serviceId: string | undefined;
    /** Its first process, in the engine's own numbering. */
    readonly pid: number;
    /** Whether it has no network namespace of its own but its machine's. */
    readonly sharesHostNetwork: boolean;
    /** Ports of its machine that lead into it, past what Swarm says. */
    readonly publishedPorts: readonly number[];
    /** Names of the networks that it is attached to. */
    readonly networks: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
}

/** A Docker network with what decides who reaches the containers on it. */
export interface AuditedNetwork {
    readonly name: string;
    readonly driver: string;
    readonly internal: boolean;
    /** `10.0.5.0/24` */
    readonly subnets: readonly string[];
}

/** What the stack has in Docker while it is audited. */
export interface DockerView {
    readonly services: readonly DockerServiceObject[];
    /** Those on the engine's own machine. */
    readonly containers: readonly AuditedContainer[];
    /** All networks of the engine, others' included. */
    readonly networks: readonly AuditedNetwork[];
    /** Names of services with the number of their tasks that run on other nodes of the Swarm. */
    readonly tasksElsewhere: ReadonlyMap<string, number>;
    /** Text of the Swarm config that a service's command names as its `--config`; undefined where it names none. */
    readonly configFileOf: (service: DockerServiceObject) => Promise<string | undefined>;
    /** Why the containers' network namespaces cannot be entered from here, if they cannot. */
    readonly namespaceObstacle: string | undefined;
}

/**
 * Asks Docker for all that the checks want to know, once.
 *
 * @throws Error when the engine cannot be asked.
 */
export async function readDocker(stack: string, dockerHost: string | undefined): Promise<DockerView> {
    const connection = await connect(dockerHost === undefined ? {} : { host: dockerHost });
    if (connection.state !== "running") {
        throw new Error(`Docker at ${connection.endpoint} cannot be asked: it is ${connection.state}`);
    }
    const { docker } = connection;
    const [{ services }, networks, info] = await Promise.all([
        objectsOf(docker, stack),
        docker.listNetworks(),
        docker.info() as Promise<{ OperatingSystem?: string; Swarm?: { NodeID?: string } }>,
    ]);
    const [containers, tasksElsewhere] = await Promise.all([
        containersOf(docker, stack, services),
        tasksOnOtherNodes(docker, services, info.Swarm?.NodeID),
    ]);
    return {
        services,
        containers,
        networks: networks.map(auditedNetwork),
        tasksElsewhere,
        configFileOf: ({ id }) => configFileOf(docker, id),
        namespaceObstacle: obstacle(connection, info.OperatingSystem ?? ""),
    };
}

function obstacle({ endpoint }: RunningDocker, operatingSystem: string): string | undefined {
    return namespaceObstacle({ host: inspectHost(), endpoint, operatingSystem });
}

async function containersOf(
    docker: Docker,
    stack: string,
    services: readonly DockerServiceObject[],
): Promise<AuditedContainer[]> {
    const ids = new Set(services.map(({ id }) => id));
    const all = await docker.listContainers();
    const ours = all.filter(({ Labels }) => ids.has(Labels[SERVICE_LABEL] ?? "") || Labels[STACK_LABEL] === stack);
    const containers = await Promise.all(
        ours.map(async ({ Id, Ports }) => auditedContainer(await docker.getContainer(Id).inspect(), Ports)),
    );
    return containers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Swarm's own label on the containers of its tasks. */
const SERVICE_LABEL = "com.docker.swarm.service.id";

function auditedContainer(
    { Id, Name, State, HostConfig, NetworkSettings, Config }: Docker.ContainerInspectInfo,
    ports: readonly Docker.Port[],
): AuditedContainer {
    return {
        id: Id,
        name: Name.slice(1),
        serviceId: Config.Labels[SERVICE_LABEL],
        pid: State.Pid,
        sharesHostNetwork: HostConfig.NetworkMode === "host" || "host" in NetworkSettings.Networks,
        // Once for IPv4 and once for IPv6.
        publishedPorts: [...new Set(ports.flatMap(({ PublicPort }) => (PublicPort === undefined ? [] : [PublicPort])))],
        networks: Object.keys(NetworkSettings.Networks),
        environment: Object.fromEntries(Config.Env.map((line) => splitAt(line, line.indexOf("=")))),
    };
}

function splitAt(line: string, at: number): [string, string] {
    return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

function auditedNetwork({ Name, Driver, Internal, IPAM }: Docker.NetworkInspectInfo): AuditedNetwork {
    const subnets = (IPAM?.Config ?? []).flatMap(({ Subnet }) => (Subnet === undefined ? [] : [Subnet]));
    return { name: Name, driver: Driver, internal: Internal, subnets };
}

async function configFileOf(docker: Docker, serviceId: string): Promise<string | undefined> {
    const { Spec: service } = (await docker.getService(serviceId).inspect()) as Docker.Service;
    const task = service?.TaskTemplate as Docker.ContainerTaskSpec | undefined;
    const { Args = [], Configs = [] } = task?.ContainerSpec ?? {};
    const flag = Args.indexOf("--config");
    const named = flag < 0 ? undefined : Configs.find(({ File }) => File?.Name === Args[flag + 1]);
    if (named?.ConfigID === undefined) {
        return undefined;
    }
    const { Spec: config } = (await docker.getConfig(named.ConfigID).inspect()) as Docker.ConfigInfo;
    return Buffer.from(config?.Data ?? "", "base64").toString("utf8");
}

async function tasksOnOtherNodes(
    docker: Docker,
    services: readonly DockerServiceObject[],
    ownNode: string | undefined,
): Promise<Map<string, number>> {
    if (services.length === 0) {
        return new Map(); // a filter without values would match every task
    }
    const names = new Map(services.map(({ id, name }) => [id, name]));
    const filters = JSON.stringify({ service: [...names.keys()], "desired-state": ["running"] });
    const tasks = (await docker.listTasks({ filters })) as { ServiceID: string; NodeID?: string }[];
    const elsewhere = new Map<string, number>();
    for (const { ServiceID, NodeID } of tasks) {
        const name = names.get(ServiceID);
        if (name !== undefined && NodeID !== undefined && NodeID !== ownNode) {
            elsewhere.set(name, (elsewhere.get(name) ?? 0) + 1);
        }
    }
    return elsewhere;
}
