import { confirm, isCancel } from "@clack/prompts";
import { type Environment, LocalRuntime } from "../../stacks/config/environment.ts";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { readStackFile } from "../../stacks/config/stackFile.ts";
import { bridgeGateway, ensureDocker, ensureImages, ensureSwarm } from "../../toolchain/docker/index.ts";
import { ensureLoopback, ensureTool, type Progress, preparePulumi } from "../../toolchain/index.ts";
import type { Changes, Violation } from "../engine/events.ts";
import { up } from "../engine/run.ts";
import { projectDir } from "../project.ts";
import { withinStep } from "../ui/progress.ts";
import { describeToStack, startEmulator } from "./emulatorProcess.ts";
import { localFiles, remove, writePrivate } from "./files.ts";
import { changingLocal } from "./lock.ts";
import { recover, wasInterrupted } from "./recovery.ts";
import { openLocalStack } from "./stack.ts";

/** From Cloudflare's own edge port (cloudflared, edgediscovery) on: cloudflared opens one connection an address, four at most. */
const EDGE_PORTS = [7844, 7845, 7846, 7847];
/** cloudflared looks for the keys of the Access team at no other port. */
const TEAM_DOMAIN_PORT = 443;

export interface UpOptions {
    /** Install and start what is missing without asking. */
    yes: boolean;
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

async function bringUp({ yes, port, progress }: UpOptions, { accountId, zone, team }: Environment): Promise<UpResult> {
    // What can be refused at once comes first: the engine may take minutes to build.
    const { docker } = await ensureDocker({ yes, progress, ...(process.stdin.isTTY ? { confirm: askUser } : {}) });
    await ensureSwarm(docker);
    progress.step("Starting the emulator");
    const gateway = await bridgeGateway(docker);
    const edge = EDGE_PORTS.map((edgePort) => `${gateway}:${edgePort}`);
    const teamDomain = `${gateway}:${TEAM_DOMAIN_PORT}`;
    const emulator = await startEmulator({ accountId, zone: zone.name, team, port, edge, teamDomain });
    progress.done();

    const pulumi = await preparePulumi({ projectDir, progress });
    const images = await ensureImages({
        docker,
        progress,
        tools: { binary: async (name) => (await ensureTool(name, { progress: withinStep(progress) })).path },
    });
    describeToStack(emulator, { kind: LocalRuntime.Swarm, teamAddress: gateway, images });

    const stack = await openLocalStack(pulumi, emulator.apiBaseUrl);
    if (wasInterrupted()) {
        await recover(stack, docker, emulator, progress);
    }
    progress.step("Deploying the stack local");
    writePrivate(localFiles.updating, `${process.pid}\n`);
    try {
        return await up(stack, [zone.name], progress);
    } finally {
        // An update that failed has told its state so; only one that was killed leaves this behind.
        remove(localFiles.updating);
        progress.done();
    }
}

async function askUser(question: string): Promise<boolean> {
    const answer = await confirm({ message: question, output: process.stderr });
    return !isCancel(answer) && answer;
}
