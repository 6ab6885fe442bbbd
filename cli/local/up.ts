import type Docker from "dockerode";
import { type EmulatorConfig, type Environment, LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { bridgeGateway, ensureImages } from "../../toolchain/docker/index.ts";
import { ensureLoopback, ensureTool, type Progress, preparePulumi } from "../../toolchain/index.ts";
import type { Changes, Violation } from "../engine/events.ts";
import { up } from "../engine/run.ts";
import { projectDir } from "../project.ts";
import { withinStep } from "../ui/progress.ts";
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

/** From Cloudflare's own edge port (cloudflared, edgediscovery) on: cloudflared opens one connection an address, four at most. */
const EDGE_PORTS = [7844, 7845, 7846, 7847];
/** cloudflared looks for the keys of the Access team at no other port. */
const TEAM_DOMAIN_PORT = 443;
const LOOPBACK = "127.0.0.1";

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
    const swarm =
        chosen.kind === LocalRuntime.Swarm
            ? { docker: chosen.docker, gateway: await bridgeGateway(chosen.docker) }
            : undefined;
    progress.step("Starting the emulator");
    const emulator = await startEmulator({
        ...{ accountId, zone: zone.name, team, port },
        edge: EDGE_PORTS.map((edgePort) => `${swarm?.gateway ?? LOOPBACK}:${edgePort}`),
        ...(swarm === undefined ? {} : { teamDomain: `${swarm.gateway}:${TEAM_DOMAIN_PORT}` }),
    });
    progress.done();

    const pulumi = await preparePulumi({ projectDir, progress });
    const cloudflared = swarm === undefined ? (await ensureTool("cloudflared", { progress })).path : undefined;
    describeToStack(
        emulator,
        swarm === undefined
            ? { kind: LocalRuntime.Processes, demoService: await startDemo() }
            : await swarmRuntime(swarm, progress),
    );

    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    if (wasInterrupted()) {
        await recover(stack, swarm?.docker, emulator, progress);
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

/** What containers run, and where they find the team's keys. */
async function swarmRuntime(
    { docker, gateway }: { docker: Docker; gateway: string },
    progress: Progress,
): Promise<EmulatorConfig["runtime"]> {
    const images = await ensureImages({
        docker,
        progress,
        tools: { binary: async (name) => (await ensureTool(name, { progress: withinStep(progress) })).path },
    });
    return { kind: LocalRuntime.Swarm, teamAddress: gateway, images };
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
