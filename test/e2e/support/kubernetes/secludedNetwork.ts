import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stderrProgress } from "../../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../../toolchain/index.ts";
import { pass } from "./pass.ts";
import type { WayOutErrand } from "./wayOut.ts";

/** A way out of the network: what listens on the port of 127.0.0.1 inside leads to an address outside. */
export interface WayOut {
    readonly port: number;
    /** `127.0.0.1:7844`, outside. */
    readonly to: string;
}

/** A program that runs inside. */
export interface Inside {
    /** What it has said so far, on both channels. */
    said(): string;
    /** Rejects, with what it said, when it ends. */
    readonly ended: Promise<never>;
}

/**
 * A machine that nothing leads to: a network namespace with loopback alone. Its processes reach each other, and what they are given ways out
 * to. It takes root and Linux.
 */
export class SecludedNetwork implements AsyncDisposable {
    /** For its processes' files; goes with it. */
    readonly folder: string;
    readonly #entering: readonly string[];
    readonly #parts: AsyncDisposableStack;

    /** @param address IPv4 address of the machine, beside 127.0.0.1. */
    static async start(address: string, waysOut: readonly WayOut[] = []): Promise<SecludedNetwork> {
        const { ip } = await ensurePrograms({ package: "iproute2", programs: ["ip"] }, { progress: stderrProgress() });
        await using parts = new AsyncDisposableStack();
        const folder = await mkdtemp(join(tmpdir(), "sallyport-network-"));
        parts.defer(() => rm(folder, { recursive: true }));
        const ways: { port: number; socket: string }[] = [];
        for (const { port, to } of waysOut) {
            const socket = join(folder, `${port}.sock`);
            parts.use(await carryOn(socket, to));
            ways.push({ port, socket });
        }
        const errand: WayOutErrand = { ip, address, ways };
        const program = join(import.meta.dirname, "wayOut.ts");
        const holder = spawn("unshare", ["--net", "--", process.execPath, program, JSON.stringify(errand)], {
            stdio: ["pipe", "pipe", "inherit"],
        });
        const exited = once(holder, "exit");
        parts.defer(async () => {
            holder.stdin.end();
            await exited;
        });
        const failed = exited.then(() =>
            Promise.reject(new Error("No network namespace could be made: it takes root.")),
        );
        failed.catch(() => {});
        await Promise.race([once(holder.stdout, "data"), failed]);
        const entering = ["nsenter", `--target=${holder.pid}`, "--net", "--"];
        return new SecludedNetwork(folder, entering, parts.move());
    }

    private constructor(folder: string, entering: readonly string[], parts: AsyncDisposableStack) {
        this.folder = folder;
        this.#entering = entering;
        this.#parts = parts;
    }

    /** Runs a program inside to its end; its exit code is part of the result. */
    run(program: string, args: readonly string[], options: { input?: string } = {}) {
        const [command = "", ...before] = this.#entering;
        return execa(command, [...before, program, ...args], {
            reject: false,
            all: true,
            cwd: this.folder,
            ...options,
        });
    }

    /** Starts a program inside, which is ended with the network at the latest. */
    start(program: string, args: readonly string[]): Inside {
        const [command = "", ...before] = this.#entering;
        const child = spawn(command, [...before, program, ...args], {
            cwd: this.folder,
            stdio: ["ignore", "pipe", "pipe"],
        });
        let said = "";
        for (const channel of [child.stdout, child.stderr]) {
            channel.on("data", (data) => {
                said += data;
            });
        }
        const exited = once(child, "exit");
        const ended = exited.then(([code]) => Promise.reject(new Error(`${program} ended with ${code}: ${said}`)));
        ended.catch(() => {});
        this.#parts.defer(async () => {
            child.kill("SIGKILL");
            await exited;
        });
        return { said: () => said, ended };
    }

    /** Path of an executable that runs a program inside, for whoever starts one by its path. */
    async executable(program: string): Promise<string> {
        const path = join(this.folder, "inside");
        await writeFile(path, `#!/bin/sh\nexec ${this.#entering.join(" ")} '${program}' "$@"\n`);
        await chmod(path, 0o755);
        return path;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}

/** Leads whoever connects to a socket in the file system to an address of this machine. */
async function carryOn(socket: string, to: string): Promise<AsyncDisposable> {
    const [host = "", port] = to.split(":");
    const open = new Set<Socket>();
    const server = createServer((inner) => {
        open.add(inner);
        inner.once("close", () => open.delete(inner));
        pass(inner, { host, port: Number(port) });
    }).listen(socket);
    await once(server, "listening");
    return {
        async [Symbol.asyncDispose]() {
            server.close();
            for (const inner of open) inner.destroy();
            await once(server, "close");
        },
    };
}
