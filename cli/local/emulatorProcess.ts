import { randomBytes } from "node:crypto";
import type { EmulatorConfig } from "../../stacks/config/environment.ts";
import { CommandError, Exit } from "../exit.ts";
import { Background } from "../processes/background.ts";
import { cliProgram, projectDir } from "../project.ts";
import type { ConnectorAddresses } from "./connectorAddresses.ts";
import { keep, localFiles, readIfThere, remove, writePrivate } from "./files.ts";

/** What the emulator prints when it is up (`sallyport emulator --json`). */
export interface EmulatorDescription {
    pid: number;
    apiBaseUrl: string;
    accountId: string;
    /** Where it listens for connectors, `IP:port` each. */
    edge: string[];
    /** Where the edge takes requests for hostnames. */
    https: string;
    /** URL of the edge's status page. */
    statusPage: string;
    edgeCaPem: string;
    /** `IP:port` where an HTTP proxy leads connectors to the team's keys. */
    teamProxy: string;
}

export interface EmulatorOptions {
    accountId: string;
    zone: string;
    team: string;
    /** Port of the API on loopback. */
    port: number;
    /** Where it listens for connectors. */
    listening: ConnectorAddresses;
}

const background = new Background({
    name: "the emulator",
    record: localFiles.emulatorRecord,
    log: localFiles.emulatorLog,
});

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
    const port = running === undefined ? undefined : new URL(running.apiBaseUrl).port;
    if (port !== undefined && port !== String(options.port)) {
        throw new CommandError(
            Exit.usage,
            `--port: the emulator runs on port ${port} already, not on ${options.port}`,
            "leave --port out, or take the environment down first: npm run local -- down",
        );
    }
    apiToken(); // the emulator reads it from its file, so that it stands in no argument and no environment
    const args = [
        cliProgram,
        "emulator",
        ...["--port", String(options.port)],
        ...["--state", localFiles.emulatorState],
        ...["--token-file", localFiles.apiToken],
        ...["--account", options.accountId],
        ...["--zone", options.zone],
        ...["--team", options.team],
        ...options.listening.edge.flatMap((address) => ["--edge", address]),
        ...["--team-proxy", options.listening.teamProxy],
        ...["--edge-state", localFiles.edge],
        ...["--describe-to", localFiles.emulatorProcess],
    ];
    return background.ensure({ command: process.execPath, args, cwd: projectDir }, async () => {
        const description = await runningEmulator();
        // The file may still be that of an earlier process.
        return description?.pid === background.pid ? description : undefined;
    });
}

/** Ends the emulator and waits until it is gone. */
export async function stopEmulator(): Promise<void> {
    await background.stop();
    remove(localFiles.emulatorProcess);
}

/** Tells the stack where the emulator is, where its connectors dial, and what runs its services. */
export function describeToStack(
    { apiBaseUrl, edgeCaPem }: EmulatorDescription,
    { edge, runtime }: Pick<EmulatorConfig, "edge" | "runtime">,
): void {
    writePrivate(localFiles.emulator, `${JSON.stringify({ apiBaseUrl, edge, edgeCaPem, runtime }, null, 2)}\n`);
    writePrivate(localFiles.edgeCa, edgeCaPem);
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
