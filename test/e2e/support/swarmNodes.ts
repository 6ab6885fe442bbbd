import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { startTied } from "../../../cli/processes/tied.ts";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { dockerAt, ensureImages, type Images } from "../../../toolchain/docker/index.ts";
import { until } from "../../../toolchain/docker/wait.ts";
import { ensurePrograms, ensureTool, silentProgress } from "../../../toolchain/index.ts";
import { listenOnLoopback } from "./listenOnLoopback.ts";
import { NetworkNamespace } from "./sites/networkNamespace.ts";

/** How long an engine may take to answer first: a minute in milliseconds. */
const STARTS_WITHIN_MS = 60_000;

/** A machine of the Swarm: an engine of its own in a network namespace of its own. */
export interface SwarmMachine {
    readonly docker: Docker;
    /** As `DOCKER_HOST` takes it. */
    readonly host: string;
    readonly nodeId: string;
    readonly images: Images;
}

/** A manager and a worker, apart from the machine's own engine and its Swarm. */
export interface SwarmNodes extends AsyncDisposable {
    readonly manager: SwarmMachine;
    readonly worker: SwarmMachine;
    /** Lets containers of both nodes, and nobody else, reach a port of this machine's loopback. @returns the address for them, `host:port`. */
    expose(port: number): Promise<string>;
}

/** Takes root on Linux with Docker installed. The engines end, and everything of theirs goes, with what is returned. */
export async function openSwarmNodes(): Promise<SwarmNodes> {
    await ensurePrograms({ package: "iproute2", programs: ["ip"] }, { progress: stderrProgress() });
    await using undo = new AsyncDisposableStack();
    const suffix = randomBytes(3).toString("hex");
    const folder = mkdtempSync(join(tmpdir(), "sallyport-nodes-"));
    undo.defer(() => rm(folder, { recursive: true, force: true }));
    const net = `10.${randomInt(200, 250)}`;
    const address = `${net}.9.9`;
    await ip("address", "add", `${address}/32`, "dev", "lo");
    undo.defer(() => ip("address", "delete", `${address}/32`, "dev", "lo"));

    const [one, other] = [
        undo.use(await NetworkNamespace.create("manager", suffix)),
        undo.use(await NetworkNamespace.create("worker", suffix)),
    ];
    await one.succeed("ip", "link", "add", "cluster", "type", "veth", "peer", "name", "cluster", "netns", other.id);
    for (const [index, node] of [one, other].entries()) {
        await node.succeed("ip", "address", "add", `${net}.0.${index + 1}/24`, "dev", "cluster");
        await node.succeed("ip", "link", "set", "cluster", "up");
        const outside = `sn${suffix}${index}`;
        await node.succeed("ip", "link", "add", "out", "type", "veth", "peer", "name", outside, "netns", "1");
        await ip("address", "add", `${net}.${index + 1}.1/24`, "dev", outside);
        await ip("link", "set", outside, "up");
        await node.succeed("ip", "address", "add", `${net}.${index + 1}.2/24`, "dev", "out");
        await node.succeed("ip", "link", "set", "out", "up");
        await node.succeed("ip", "route", "add", `${address}/32`, "via", `${net}.${index + 1}.1`);
    }
    const [manager, worker] = await Promise.all(
        [one, other].map(async ({ id, name }) => {
            const home = join(folder, name);
            mkdirSync(home);
            return { host: `unix://${home}/docker.sock`, docker: undo.use(await startEngine(id, home, name)).docker };
        }),
    );
    if (manager === undefined || worker === undefined) throw new Error("no engine");

    const managerAddress = `${net}.0.1`;
    await manager.docker.swarmInit({ AdvertiseAddr: managerAddress, ListenAddr: `${managerAddress}:2377` });
    const { JoinTokens } = (await manager.docker.swarmInspect()) as { JoinTokens: { Worker: string } };
    await worker.docker.swarmJoin({
        AdvertiseAddr: `${net}.0.2`,
        ListenAddr: `${net}.0.2:2377`,
        RemoteAddrs: [`${managerAddress}:2377`],
        JoinToken: JoinTokens.Worker,
    });
    const [first, second] = await Promise.all(
        [manager, worker].map(async ({ docker, host }) => {
            const { Swarm } = (await docker.info()) as { Swarm: { NodeID: string } };
            return { docker, host, nodeId: Swarm.NodeID, images: await imagesOf(docker) };
        }),
    );
    if (first === undefined || second === undefined) throw new Error("no node");
    const owned = undo.move();
    const expose = async (port: number) => owned.use(await relay(address, port)).address;
    return { manager: first, worker: second, expose, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** What is in the engine by no registry: this machine reaches none. */
function imagesOf(docker: Docker): Promise<Images> {
    const binary = async (name: "cloudflared" | "traefik" | "whoami") =>
        (await ensureTool(name, { progress: silentProgress })).path;
    return ensureImages({ docker, progress: silentProgress, tools: { binary }, registryAnswersWithinMs: 50 });
}

/** An engine in a namespace, with a host name of its own. Its run-time folder is the one that all engines share unless it is hidden. */
async function startEngine(namespace: string, home: string, name: string) {
    const script = [
        `hostname ${name}`,
        "mkdir -p /run/docker",
        "mount -t tmpfs tmpfs /run/docker",
        `exec dockerd --data-root ${home}/data --exec-root ${home}/run --pidfile ${home}/pid --host unix://${home}/docker.sock`,
    ].join(" && ");
    const said: string[] = [];
    const engine = startTied(
        "nsenter",
        [
            `--net=/run/netns/${namespace}`,
            "unshare",
            "--mount",
            "--uts",
            "--propagation",
            "private",
            "sh",
            "-c",
            script,
        ],
        { env: process.env, onLine: (line) => said.push(line) },
    );
    const docker = dockerAt(`unix://${home}/docker.sock`);
    const ended = new AbortController();
    void engine.ended.then(() => ended.abort());
    if ((await until(() => answered(docker), { withinMs: STARTS_WITHIN_MS, signal: ended.signal })) === undefined) {
        await engine[Symbol.asyncDispose]();
        throw new Error(`the engine ${name} does not start:\n${said.slice(-20).join("\n")}`);
    }
    return {
        docker,
        async [Symbol.asyncDispose]() {
            // Its tasks end first: an engine that waits for them is killed, and they would go on.
            await docker.swarmLeave({ force: true });
            await engine[Symbol.asyncDispose]();
        },
    };
}

function answered(docker: Docker): Promise<true | undefined> {
    return docker.ping().then(
        () => true,
        () => undefined,
    );
}

/** Passes connections on to loopback, where the edge listens and nowhere else. */
async function relay(host: string, port: number) {
    const server = createServer((socket) => {
        const onward = connect(port, "127.0.0.1");
        // Either side may go at any time, and takes the other one along.
        socket.on("error", () => onward.destroy()).pipe(onward);
        onward.on("error", () => socket.destroy()).pipe(socket);
    });
    const listening = await listenOnLoopback(server, 0, host);
    return { address: `${host}:${listening.port}`, [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose]() };
}

async function ip(...args: string[]): Promise<void> {
    await execa("ip", args);
}
