import { confirm, isCancel } from "@clack/prompts";
import type Docker from "dockerode";
import { type EmulatorConfig, LocalRuntime } from "../../stacks/config/environment.ts";
import { type EnsureDockerOptions, ensureDocker, ensureSwarm } from "../../toolchain/docker/index.ts";
import { type Progress, ToolError } from "../../toolchain/index.ts";
import { CommandError, Exit } from "../exit.ts";
import { localFiles, readIfThere } from "./files.ts";

/** What runs the local environment's services, ready to be used. */
export type ChosenRuntime =
    | { readonly kind: typeof LocalRuntime.Swarm; readonly docker: Docker }
    | { readonly kind: typeof LocalRuntime.Processes };

export interface RuntimeOptions {
    /** Install and start what is missing without asking. */
    readonly yes: boolean;
    /** The user asks for processes, whatever is installed. */
    readonly withoutDocker: boolean;
    readonly progress: Progress;
    /** What the environment that is there runs on; undefined where there is none. */
    readonly present: LocalRuntime | undefined;
    /** Gets a Docker engine; only tests give another one. */
    readonly ensure?: (options: EnsureDockerOptions) => Promise<{ readonly docker: Docker }>;
}

/**
 * Docker where it can be had, else processes of this machine, and says why. An environment that is there keeps what it runs on: moving it
 * would leave containers or processes behind.
 *
 * @throws CommandError when an environment in Docker is asked to go on without.
 * @throws ToolError when Docker cannot be had, but the environment is in it, or `DOCKER_HOST` asks for one particular engine.
 */
export async function chooseRuntime(options: RuntimeOptions): Promise<ChosenRuntime> {
    const { yes, withoutDocker, progress, present, ensure = ensureDocker } = options;
    if (withoutDocker && present === LocalRuntime.Swarm) {
        throw new CommandError(
            Exit.usage,
            "--without-docker: the local environment runs in Docker",
            "take it down first: npm run local -- down",
        );
    }
    if (withoutDocker) {
        return onProcesses(progress, "as asked for");
    }
    if (present === LocalRuntime.Processes) {
        return onProcesses(progress, "it was brought up so; `npm run local -- down` first to have it in Docker");
    }
    let docker: Docker;
    try {
        ({ docker } = await ensure({ yes, progress, ...(process.stdin.isTTY ? { confirm: askUser } : {}) }));
    } catch (error) {
        if (!(error instanceof ToolError) || present !== undefined || process.env.DOCKER_HOST) {
            throw error;
        }
        return onProcesses(progress, `${error.message} ${error.fix}`);
    }
    await ensureSwarm(docker);
    return { kind: LocalRuntime.Swarm, docker };
}

/** What the environment that is there runs on, as its stack was told; undefined where nothing readable says so. */
export function presentRuntime(): LocalRuntime | undefined {
    try {
        const told = JSON.parse(readIfThere(localFiles.emulator) ?? "{}") as Partial<EmulatorConfig>;
        return told.runtime?.kind;
    } catch (error) {
        if (error instanceof SyntaxError) {
            return undefined; // a damaged environment must still be taken down
        }
        throw error;
    }
}

function onProcesses(progress: Progress, why: string): ChosenRuntime {
    progress.step(`Going on without Docker (${why})`);
    progress.done();
    return { kind: LocalRuntime.Processes };
}

async function askUser(question: string): Promise<boolean> {
    const answer = await confirm({ message: question, output: process.stderr });
    return !isCancel(answer) && answer;
}

/** What an environment without Docker does not show; the rest is the same. */
export const NOT_SHOWN_WITHOUT_DOCKER: readonly string[] = [
    "Docker Swarm: the stack's services, networks and secrets",
    "Traefik, and TLS between connector and proxy: the connector asks services directly",
    "networks of their own: the connector reaches whatever this user reaches",
    "replicas of the connector: one process holds the tunnel's connections",
    "the demo service's container: a built-in service on loopback answers in its place",
];
