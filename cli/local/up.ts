import type Docker from "dockerode";
import { type Environment, LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { ensureImages, type HostGateway, hostGateway, type Images } from "../../toolchain/docker/index.ts";
import { ensureLoopback, ensureTool, type Progress, preparePulumi } from "../../toolchain/index.ts";
import type { Changes, Violation } from "../engine/events.ts";
import { up } from "../engine/run.ts";
import { projectDir } from "../project.ts";
import { withinStep } from "../ui/progress.ts";
import { connectorAddresses } from "./connectorAddresses.ts";
import { startConnector } from "./connectorProcess.ts";
import { startDemo } from "./demoProcess.ts";
import { describeToStack, type EmulatorDescription, startEmulator } from "./emulatorProcess.ts";
import { localFiles, remove, writePrivate } from "./files.ts";
import { noteHostSockets } from "./hostSockets.ts";
import { changingLocal } from "./lock.ts";
import { recover, wasInterrupted } from "./recovery.ts";
import { chooseRuntime, presentRuntime } from "./runtime.ts";
import { openLocalStack } from "./stack.ts";
import { type LocalOutputs, outputsOf } from "./status.ts";

/** Without Docker connectors are processes of this machine. */
const LOOPBACK: HostGateway = { listenAddress: "127.0.0.1", dialHost: "127.0.0.1" };

export interface UpOptions {
    /** Install and start what is missing without asking. */
    yes: boolean;
    /** Use no Docker, even where there is one. */
    withoutDocker: boolean;
    /** Port of the emulated API on loopback. */
    port: number;
    progress: Progress;
}

export interface UpResult {
    changes: Changes;
    violations: Violation[];
}

/** Brings the local environment up, from whatever is there. */
export async function localUp(options: UpOptions): Promise<UpResult> {
    const environment = readStackFile(projectDir, LOCAL_STACK, { environment: {}, readEmulator: false });
    ensureLoopback();
    return changingLocal(options.progress, () => bringUp(options, environment));
}

async function bringUp({ yes, withoutDocker, port, progress }: UpOptions, environment: Environment): Promise<UpResult> {
    const { accountId, zone, team, apps } = environment;
    await noteHostSockets();
    // What can be refused at once comes first: the engine may take minutes to build.
    const chosen = await chooseRuntime({ yes, withoutDocker, progress, present: presentRuntime() });
    const docker = chosen.kind === LocalRuntime.Swarm ? chosen.docker : undefined;
    const { listenAddress, dialHost } = docker === undefined ? LOOPBACK : await hostGateway(docker);
    const listening = connectorAddresses(listenAddress);
    progress.step("Starting the emulator");
    const emulator = await startEmulator({ accountId, zone: zone.name, team, port, listening });
    progress.done();

    const pulumi = await preparePulumi({ projectDir, progress });
    const cloudflared = docker === undefined ? (await ensureTool("cloudflared", { progress })).path : undefined;
    const { edge, teamProxy } = connectorAddresses(dialHost);
    const runtime =
        docker === undefined
            ? ({ kind: LocalRuntime.Processes, demoService: await startDemo() } as const)
            : ({ kind: LocalRuntime.Swarm, teamProxy, images: await imagesFor(docker, progress) } as const);
    describeToStack(emulator, { edge, runtime });

    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    if (wasInterrupted()) {
        await recover(stack, docker, emulator, progress);
    }
    progress.step("Deploying the stack local");
    writePrivate(localFiles.updating, `${process.pid}\n`);
    let result: UpResult;
    try {
        result = await up(stack, [zone.name], progress);
    } finally {
        // An update that failed has told its state so; only one that was killed leaves this behind.
        remove(localFiles.updating);
        progress.done();
    }
    const isDeployed = result.violations.every(({ level }) => level !== "mandatory");
    if (cloudflared !== undefined && isDeployed) {
        await connectTunnel(cloudflared, await outputsOf(stack), emulator, apps, progress);
    }
    return result;
}

/** What containers run. */
function imagesFor(docker: Docker, progress: Progress): Promise<Images> {
    return ensureImages({
        docker,
        progress,
        tools: { binary: async (name) => (await ensureTool(name, { progress: withinStep(progress) })).path },
    });
}

/** Without Docker nothing in the stack dials out: the command line does, with the credentials that the stack hands over. */
async function connectTunnel(
    cloudflared: string,
    { tunnels: [tunnel], connectorCredentials }: LocalOutputs,
    emulator: EmulatorDescription,
    apps: Environment["apps"],
    progress: Progress,
): Promise<void> {
    if (tunnel === undefined || connectorCredentials === undefined) {
        throw new Error("the stack exports no tunnel with credentials"); // a mistake of ours
    }
    progress.step("Connecting the tunnel");
    const credentials = connectorCredentials;
    await startConnector({ cloudflared, tunnelId: tunnel.id, credentials, emulator, apps });
    progress.done();
}
