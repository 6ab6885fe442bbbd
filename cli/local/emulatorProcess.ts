import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { EmulatorConfig } from "../../stacks/config/environment.ts";
import { CommandError, Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { keep, localFiles, readIfThere, remove, writePrivate } from "./files.ts";

/** What the emulator prints when it is up (`sallyport emulator --json`). */
export interface EmulatorDescription {
    pid: number;
    apiBaseUrl: string;
    accountId: string;
    edge: string[];
    /** Where the edge takes requests for hostnames. */
    https: string;
    edgeCaPem: string;
}

export interface EmulatorOptions {
    accountId: string;
    zone: string;
    team: string;
    /** Port of the API on loopback. */
    port: number;
    /** Where connectors dial in, `host:port`. */
    edge: string[];
    /** Where connectors find the team's keys, `host:443`. */
    teamDomain: string;
}

/** How long the emulator may take until it answers. */
const START_LIMIT_MS = 15_000;
const STOP_LIMIT_MS = 10_000;

export function apiToken(): string {
    return keep(localFiles.apiToken, () => randomBytes(30).toString("base64url"));
}

/** The running emulator, or undefined: a process id alone proves nothing, so the API is asked. */
export async function runningEmulator(): Promise<EmulatorDescription | undefined> {
    const text = readIfThere(localFiles.emulatorProcess);
    if (text === undefined) {
        return undefined;
    }
    const description = JSON.parse(text) as EmulatorDescription;
    return (await isHealthy(description)) ? description : undefined;
}

/** Starts the emulator as a process of its own that outlives this one; a running one is used as it is. */
export async function startEmulator(options: EmulatorOptions): Promise<EmulatorDescription> {
    const running = await runningEmulator();
    if (running !== undefined) {
        const port = new URL(running.apiBaseUrl).port;
        if (port !== String(options.port)) {
            throw new CommandError(
                Exit.usage,
                `--port: the emulator runs on port ${port} already, not on ${options.port}`,
                "leave --port out, or take the environment down first: npm run local -- down",
            );
        }
        if (running.edge.join() === options.edge.join()) {
            return running;
        }
        await stopEmulator(); // Docker's bridge has another address than before
    }
    remove(localFiles.emulatorProcess);
    apiToken(); // the emulator reads it from its file, so that it stands in no argument and no environment
    const log = openSync(localFiles.emulatorLog, "w", 0o600);
    const args = [
        join(projectDir, "cli", "bin.js"),
        "emulator",
        ...["--port", String(options.port)],
        ...["--state", localFiles.emulatorState],
        ...["--token-file", localFiles.apiToken],
        ...["--account", options.accountId],
        ...["--zone", options.zone],
        ...["--team", options.team],
        ...options.edge.flatMap((address) => ["--edge", address]),
        ...["--team-domain", options.teamDomain],
        ...["--edge-state", localFiles.edge],
        ...["--describe-to", localFiles.emulatorProcess],
    ];
    const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", log, log], cwd: projectDir });
    child.unref();
    const exited = once(child, "exit").then(() => "exited" as const);
    const deadline = Date.now() + START_LIMIT_MS;
    while (Date.now() < deadline) {
        if (existsSync(localFiles.emulatorProcess)) {
            const description = JSON.parse(readFileSync(localFiles.emulatorProcess, "utf8")) as EmulatorDescription;
            if (await isHealthy(description)) {
                return description;
            }
        }
        if ((await Promise.race([exited, delay(50)])) === "exited") {
            break;
        }
    }
    throw new CommandError(Exit.failed, `the emulator did not start: ${lastError()}`, `read ${localFiles.emulatorLog}`);
}

/** Ends the emulator and waits until it is gone. */
export async function stopEmulator(): Promise<void> {
    const running = await runningEmulator();
    if (running !== undefined) {
        process.kill(running.pid, "SIGTERM");
        const deadline = Date.now() + STOP_LIMIT_MS;
        while (isAlive(running.pid)) {
            if (Date.now() > deadline) {
                process.kill(running.pid, "SIGKILL");
            }
            await delay(25);
        }
    }
    remove(localFiles.emulatorProcess);
}

/** Tells the stack where the emulator is, and what runs its services. */
export function describeToStack(emulator: EmulatorDescription, runtime: EmulatorConfig["runtime"]): void {
    const { apiBaseUrl, edge, edgeCaPem } = emulator;
    writePrivate(localFiles.emulator, `${JSON.stringify({ apiBaseUrl, edge, edgeCaPem, runtime }, null, 2)}\n`);
    writePrivate(localFiles.edgeCa, edgeCaPem);
}

export function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === "EPERM";
    }
}

async function isHealthy({ apiBaseUrl, accountId }: EmulatorDescription): Promise<boolean> {
    try {
        const answer = await fetch(`${apiBaseUrl}/accounts/${accountId}`, {
            headers: { authorization: `Bearer ${apiToken()}` },
            signal: AbortSignal.timeout(2_000),
        });
        return answer.ok;
    } catch {
        return false;
    }
}

function lastError(): string {
    const lines = (readIfThere(localFiles.emulatorLog) ?? "").trim().split("\n");
    return (
        lines
            .find((line) => line.startsWith("error:"))
            ?.slice("error:".length)
            .trim() ??
        lines.at(-1) ??
        "it said nothing"
    );
}
