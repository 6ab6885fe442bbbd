import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { CatalogueApp } from "../../../cli/connect/catalogue.ts";
import { freePort } from "../../../cli/processes/freePort.ts";
import { projectDir } from "../../../cli/project.ts";
import type { ProtectedAccount } from "./protectedAccount.ts";

/** Writes `apps.json` into a folder: a catalogue with which a laptop finds the apps at the account's edge. */
export async function catalogueFor(account: ProtectedAccount, folder: string, apps: CatalogueApp[]): Promise<string> {
    await writeFile(join(folder, "edge-ca.pem"), account.edge.caPem);
    const file = join(folder, "apps.json");
    const edge = { address: account.edge.public.address, caFile: "edge-ca.pem" };
    await writeFile(file, JSON.stringify({ version: 1, apps, edge }));
    return file;
}

/** A running `sallyport connect` whose port is open. */
export class ConnectProcess implements AsyncDisposable {
    /** The local port. */
    readonly port: number;
    readonly #command: ChildProcess;
    readonly #exited: Promise<unknown>;
    #said = "";

    static async start(name: string, catalogue: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
        const port = await freePort();
        const bin = join(projectDir, "cli", "bin.js");
        const local = ["--catalogue", catalogue, "--local", `${name}=${port}`, "--json"];
        const command = spawn(process.execPath, [bin, "connect", name, ...local, ...args], {
            env: { ...process.env, ...env },
            stdio: ["ignore", "pipe", "pipe"],
        });
        const started = new ConnectProcess(command, port);
        const announced = once(command.stdout, "data").then(([document]) => JSON.parse(String(document)));
        const failed = started.#exited.then(() => {
            throw new Error(`It ended: ${started.said}`);
        });
        const { connections } = await Promise.race([announced, failed]);
        if (connections[0]?.local !== `127.0.0.1:${port}`) {
            throw new Error(`It does not listen at ${port}: ${JSON.stringify(connections)}`);
        }
        return started;
    }

    private constructor(command: ChildProcess, port: number) {
        this.port = port;
        this.#command = command;
        this.#exited = once(command, "exit");
        command.stderr?.on("data", (data) => {
            this.#said += data;
        });
    }

    /** What it has told on standard error. */
    get said(): string {
        return this.#said;
    }

    get exitCode(): number | null {
        return this.#command.exitCode;
    }

    /** A client of the local port. */
    client(): Socket {
        return connect(this.port, "127.0.0.1");
    }

    async end(signal: NodeJS.Signals): Promise<void> {
        this.#command.kill(signal);
        await this.#exited;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        if (this.#command.exitCode === null && this.#command.signalCode === null) {
            await this.end("SIGTERM");
        }
    }
}
