import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import type { DockerConnection } from "./docker/index.ts";
import { fallbackPulumiHome, isExecutable, userPulumiHome } from "./engine.ts";
import { findTool } from "./ensureTool.ts";
import { findProvider, type Provider, providersOf } from "./providers.ts";
import { type Reach, reach } from "./reach.ts";
import { CommandFailed, run } from "./run.ts";
import { TOOLS, type Tool } from "./tools.ts";

/** Each question to a program or an engine is given up after five seconds, in milliseconds. */
const ANSWER_WITHIN_MS = 5_000;

/** What is known about one tool. */
export interface Diagnosis {
    readonly tool: string;
    /** Left out where the tool is missing or does not say. */
    readonly version?: string;
    /** Where it came from: `official`, `registry build`, `present`, `image` or `fallback`. */
    readonly source?: string;
    /** Executable, engine address or image reference. */
    readonly path?: string;
    readonly ok: boolean;
    /** What to do, where it is not ok. */
    readonly fix?: string;
}

/** How {@link diagnose} goes about it. */
export interface DiagnoseOptions {
    /** Folder of `Pulumi.yaml`, with the installed npm packages. */
    readonly projectDir: string;
    /** Tells whether an official source can be reached; asked only when something is missing. */
    readonly reach?: Reach;
    /** The Docker engine; connected to when omitted. */
    readonly docker?: DockerConnection;
}

/** Everything that Sallyport runs with, for `sallyport doctor`. Installs nothing, changes nothing, and takes seconds at most. */
export async function diagnose(options: DiagnoseOptions): Promise<Diagnosis[]> {
    const { connect } = await import("./docker/index.ts");
    const connection = options.docker ?? (await connect({ answerWithinMs: ANSWER_WITHIN_MS }));
    const docker = connection.state === "running" ? connection.docker : undefined;
    const [npm, swarm, pulumi, providers, cloudflared, traefik] = await Promise.all([
        npmRow(),
        docker ? [await swarmRow(docker)] : [],
        programRow(TOOLS.pulumi),
        Promise.all(providersOf(options.projectDir).map((provider) => providerRow(provider, options.projectDir))),
        programRow(TOOLS.cloudflared, docker),
        programRow(TOOLS.traefik, docker),
    ]);
    const programs = [pulumi, ...providers, cloudflared, traefik];
    const compiled = [pulumi, cloudflared].filter(({ ok }) => !ok);
    return [nodeRow(), npm, ...(await goRows(compiled, options)), await dockerRow(connection), ...swarm, ...programs];
}

function nodeRow(): Diagnosis {
    const manifest = JSON.parse(readFileSync(fileURLToPath(new URL("../package.json", import.meta.url)), "utf8"));
    const least = Number(/\d+/.exec(manifest.engines.node)?.[0]);
    const version = process.versions.node;
    const ok = Number.parseInt(version, 10) >= least;
    const row = { tool: "node", version, source: "present", path: process.execPath, ok };
    return ok ? row : { ...row, fix: `Install Node.js ${least} or later, or run "npm ci", which brings it along.` };
}

async function npmRow(): Promise<Diagnosis> {
    // Its warnings stand around the version.
    const version = /^\d+\.\d+\.\S+$/m.exec((await ask("npm", ["--version"])) ?? "")?.[0];
    return version
        ? { tool: "npm", version, source: "present", ok: true }
        : { tool: "npm", ok: false, fix: "Install npm; it comes with Node.js from https://nodejs.org." };
}

/** Go is of interest only where a program is missing whose official download cannot be reached. */
async function goRows(missing: readonly Diagnosis[], options: DiagnoseOptions): Promise<Diagnosis[]> {
    const sources = missing.map(({ tool }) => TOOLS[tool as "pulumi" | "cloudflared"].official?.probe ?? "");
    const answers = await Promise.all(sources.map(options.reach ?? reach));
    if (answers.every(({ ok }) => ok)) return [];
    const said = await ask("go", ["version"]);
    const version = /go(\d\S*)/.exec(said ?? "")?.[1];
    if (version) return [{ tool: "go", version, source: "present", ok: true }];
    const module = fileURLToPath(new URL("./builds/pulumi/go.mod", import.meta.url));
    const least = /^go (\S+)$/m.exec(readFileSync(module, "utf8"))?.[1];
    const fix = `Install Go ${least} or later from https://go.dev/dl: it builds what cannot be downloaded here.`;
    return [{ tool: "go", ok: false, fix }];
}

async function dockerRow(connection: DockerConnection): Promise<Diagnosis> {
    const { endpoint: path } = connection;
    if (connection.state === "running") {
        return { tool: "docker", version: connection.version, source: "present", path, ok: true };
    }
    const { dockerError, inspectHost } = await import("./docker/index.ts");
    const { message, fix } = dockerError(connection, inspectHost());
    return { tool: "docker", path, ok: false, fix: `${message} ${fix}` };
}

async function swarmRow(docker: Docker): Promise<Diagnosis> {
    const info = await within<{ Swarm: { LocalNodeState: string; ControlAvailable: boolean } }>(docker.info());
    const manages = info?.Swarm.ControlAvailable === true;
    if (manages) return { tool: "swarm", source: "present", ok: true };
    const fix =
        info?.Swarm.LocalNodeState === "inactive"
            ? 'Run "npx sallyport local up", which makes a Swarm that listens on loopback only.'
            : 'Use an engine that manages its Swarm, set by DOCKER_HOST ("docker node ls" works there).';
    return { tool: "swarm", ok: false, fix };
}

/** A program on this machine, or the image that containers run in its place. */
async function programRow(tool: Tool, docker?: Docker): Promise<Diagnosis> {
    const found = await findTool(tool.name);
    if (found) return { tool: tool.name, version: found.version, source: found.source, path: found.path, ok: true };
    const image = docker && (await imageOf(tool, docker));
    if (image) return { tool: tool.name, version: tool.version, source: "image", path: image, ok: true };
    return { tool: tool.name, ok: false, fix: `Run "npx sallyport local up", which installs ${tool.version}.` };
}

async function imageOf({ image }: Tool, docker: Docker): Promise<string | undefined> {
    if (image === undefined) return undefined;
    const images = await within(docker.listImages({ filters: { reference: [image] } }));
    return images?.length ? image : undefined;
}

async function providerRow(provider: Provider, projectDir: string): Promise<Diagnosis> {
    const { name, version } = provider;
    const tool = `pulumi-resource-${name}`;
    const official = await findProvider(provider, userPulumiHome());
    if (official) return { tool, version, source: "official", path: official, ok: true };
    const path = join(fallbackPulumiHome(projectDir), "plugins", `resource-${name}-v${version}`, tool);
    if (await isExecutable(path)) return { tool, version, source: "fallback", path, ok: true };
    return { tool, ok: false, fix: `Run "npx sallyport local up", which installs ${version}.` };
}

async function ask(command: string, args: readonly string[]): Promise<string | undefined> {
    try {
        return await run(command, args, { within: ANSWER_WITHIN_MS });
    } catch (error) {
        if (error instanceof CommandFailed) return undefined;
        throw error;
    }
}

/** The answer, or undefined if there is none in time or it is an error. */
async function within<T>(answer: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
        timer = setTimeout(resolve, ANSWER_WITHIN_MS, undefined);
    });
    try {
        return await Promise.race([answer, late]);
    } catch {
        return undefined;
    } finally {
        clearTimeout(timer);
    }
}
