import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { canInstall, installPackage } from "../debian/aptGet.ts";
import { ToolError } from "../errors.ts";
import { sallyportHome } from "../home.ts";
import { type Host, inspectHost } from "../host.ts";
import type { Progress } from "../progress.ts";
import { dockerError } from "./advice.ts";
import { type ConnectOptions, connect, type DockerConnection, type RunningDocker } from "./connection.ts";
import { until } from "./wait.ts";

/** Where Docker's own packages come from, for those whose distribution's cannot be installed. */
const INSTALL_ADVICE =
    "Repair apt-get's sources, or install Docker Engine as https://docs.docker.com/engine/install/ says.";

/** A fresh engine sets up iptables and its store before it answers: one minute in milliseconds. */
const START_WITHIN_MS = 60_000;

/** What {@link ensureDocker} may do, and whom it tells. */
export interface EnsureDockerOptions {
    /** Install and start without asking. */
    readonly yes: boolean;
    /** Asks the user; never called with `yes`. Left out, nobody is there to ask and the answer is no. */
    readonly confirm?: (question: string) => Promise<boolean>;
    readonly progress: Progress;
    /** Folder for the log and the process id of an engine that is started here; `sallyportHome()` when omitted. */
    readonly home?: string;
    /** The machine; looked at when omitted. */
    readonly host?: Host;
    readonly connection?: ConnectOptions;
    /** Bound for a started engine's first answer in milliseconds; one minute when omitted. */
    readonly startWithinMs?: number;
}

/**
 * A Docker engine that answers. A running one is taken as it is, its settings are never touched.
 *
 * As root on Debian and Ubuntu, and only with consent, Docker is installed from the distribution (`docker.io`); as root on
 * any Linux a stopped engine is started: through systemd, or by hand where there is none.
 *
 * @throws ToolError when there is no engine and none may or can be had; its `fix` says what to do on this machine.
 */
export async function ensureDocker(options: EnsureDockerOptions): Promise<RunningDocker> {
    const host = options.host ?? inspectHost();
    let connection = await connect(options.connection);
    let agreed = options.yes;
    if (connection.state === "not installed" && canInstall(host)) {
        agreed ||= await ask(options, "Docker is not installed. Install docker.io with apt-get and start it?");
        if (agreed) {
            options.progress.step("Installing Docker");
            await installPackage("docker.io", options.progress, INSTALL_ADVICE);
            options.progress.done();
            connection = await connect(options.connection);
        }
    }
    // A package's own scripts start the engine where systemd runs; elsewhere it is installed but stopped.
    if (connection.state === "not running" && canStart(host)) {
        agreed ||= await ask(options, "Docker is installed but does not run. Start it?");
        if (agreed) connection = await start(options, host);
    }
    if (connection.state !== "running") throw dockerError(connection, host);
    return connection;
}

const canStart = (host: Host) => host.platform === "linux" && host.root && !process.env.DOCKER_HOST;

async function ask({ confirm }: EnsureDockerOptions, question: string): Promise<boolean> {
    return (await confirm?.(question)) ?? false;
}

async function start(options: EnsureDockerOptions, host: Host): Promise<RunningDocker> {
    const { progress } = options;
    progress.step("Starting Docker");
    const withinMs = options.startWithinMs ?? START_WITHIN_MS;
    if (host.systemd) {
        await execa("systemctl", ["start", "docker"], { stdin: "ignore", timeout: withinMs, reject: false });
        const running = await firstAnswer(options.connection, withinMs);
        if (running.state !== "running") throw dockerError(running, host);
        progress.done();
        return running;
    }
    const daemon = await launch(options.home ?? sallyportHome());
    const ended = new AbortController();
    daemon.process.once("exit", () => ended.abort());
    const running = await firstAnswer(options.connection, withinMs, ended.signal);
    if (running.state !== "running") {
        throw new ToolError(
            `dockerd ${ended.signal.aborted ? "ended" : "does not answer"}: ${lastLines(await readFile(daemon.log, "utf8"))}`,
            `Read ${daemon.log}, remove what stands in its way, and run "dockerd" by hand to see that it starts.`,
        );
    }
    progress.detail(`process ${daemon.process.pid}, log ${daemon.log}`);
    progress.done();
    return running;
}

interface Daemon {
    readonly process: ChildProcess;
    readonly log: string;
}

/** Starts `dockerd` so that it outlives this process. */
async function launch(home: string): Promise<Daemon> {
    const folder = join(home, "docker");
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const log = join(folder, "dockerd.log");
    await using output = await open(log, "w", 0o600);
    const child = spawn("dockerd", [], { detached: true, stdio: ["ignore", output.fd, output.fd] });
    await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", () =>
            reject(new ToolError('Docker cannot be started: "dockerd" is not on PATH.', "Add its folder to PATH.")),
        );
    });
    child.unref();
    await writeFile(join(folder, "dockerd.pid"), `${child.pid}\n`, { mode: 0o600 });
    return { process: child, log };
}

/** The first answer of an engine that is starting, or what still stood in the way when the time was over or `ended` fired. */
async function firstAnswer(
    options: ConnectOptions | undefined,
    withinMs: number,
    ended?: AbortSignal,
): Promise<DockerConnection> {
    const ask = async () => {
        const connection = await connect(options);
        return connection.state === "running" || ended?.aborted ? connection : undefined;
    };
    return (await until(ask, { withinMs })) ?? (await connect(options));
}

function lastLines(text: string): string {
    return text.trim().split("\n").slice(-5).join("\n") || "it says nothing";
}
