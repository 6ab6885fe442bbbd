import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { projectDir } from "../../../cli/project.ts";
import type { WatchEvent } from "../../../cli/swarm/watch/report.ts";

/** `sallyport swarm watch local` in a process group of its own, as a user or a Swarm runs it. */
export class WatchDaemon implements AsyncDisposable {
    readonly events: WatchEvent[] = [];
    readonly #child: ChildProcess;
    readonly #exited: Promise<unknown>;
    #said = "";

    constructor(args: readonly string[] = [], folder: string = projectDir) {
        this.#child = spawn(
            process.execPath,
            [join(folder, "cli", "bin.js"), "swarm", "watch", "local", "--json", ...args],
            { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true },
        );
        this.#exited = once(this.#child, "exit");
        this.#child.stderr?.on("data", (chunk) => (this.#said += chunk));
        if (this.#child.stdout !== null) {
            createInterface({ input: this.#child.stdout }).on("line", (line) => this.events.push(JSON.parse(line)));
        }
    }

    get pid(): number {
        return this.#child.pid ?? Number.NaN;
    }

    /** What it printed for people. */
    get said(): string {
        return this.#said;
    }

    /** URL of its metrics and health, once it watches. */
    get status(): string | undefined {
        return this.events.find((event) => event.event === "watching")?.status;
    }

    /** Kills it at once, with its engines (`group`) or while they go on (`daemon`). */
    async kill(victim: "group" | "daemon"): Promise<void> {
        if (this.#child.exitCode === null) {
            process.kill(victim === "group" ? -this.pid : this.pid, "SIGKILL");
        }
        await this.#exited;
    }

    /** Asks it to stop, and waits until it has. @returns its exit code. */
    async stop(): Promise<number | null> {
        if (this.#child.exitCode === null) this.#child.kill("SIGTERM");
        await this.#exited;
        return this.#child.exitCode;
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.stop();
    }
}
