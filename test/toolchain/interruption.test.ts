import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { ensureTool, findTool, silentProgress } from "../../toolchain/index.ts";
import { goThatBuilds, Sandbox } from "./support/sandbox.ts";

const INSTALL = fileURLToPath(new URL("support/installCloudflared.ts", import.meta.url));

/** A Go that writes half a program and goes on when the test lets it, or is over. */
const SLOW_GO = `
if (args[0] === "build") {
    fs.writeFileSync(args[args.indexOf("-o") + 1], "half a prog");
    fs.writeFileSync(path.join(sandbox, "building"), String(process.pid));
    const waits = () => fs.existsSync(sandbox) && !fs.existsSync(path.join(sandbox, "go-on"));
    while (waits()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
}
${goThatBuilds("cloudflared version 2025.2.0")}`;

/** An installation in a process of its own, which does not outlive the test. */
class Installation implements AsyncDisposable {
    readonly lines: string[] = [];
    readonly #child: ChildProcess;
    readonly #ended: Promise<number | null>;

    constructor(machine: Sandbox) {
        this.#child = spawn(process.execPath, [INSTALL], {
            env: machine.environment,
            stdio: ["ignore", "pipe", "inherit"],
        });
        this.#ended = new Promise((resolve) => this.#child.once("exit", (code) => resolve(code)));
        if (this.#child.stdout) createInterface(this.#child.stdout).on("line", (line) => this.lines.push(line));
    }

    get pid() {
        return this.#child.pid;
    }

    kill(): Promise<number | null> {
        this.#child.kill("SIGKILL");
        return this.#ended;
    }

    /** The exit code. */
    finished(): Promise<number | null> {
        return this.#ended;
    }

    async [Symbol.asyncDispose]() {
        await this.kill();
    }
}

const building = (machine: Sandbox) =>
    vi.waitFor(() => readFileSync(join(machine.folder, "building"), "utf8"), { timeout: 10_000 });

describe("an installation that is killed", () => {
    it("leaves nothing that is used, and the next one cleans up and completes", async () => {
        using machine = new Sandbox();
        machine.command("go", SLOW_GO);
        await using first = new Installation(machine);
        const compiler = Number(await building(machine));
        await first.kill();
        process.kill(compiler, "SIGKILL");

        const folder = join(machine.cache, "tools", "cloudflared");
        expect(readdirSync(folder).some((name) => name.startsWith(".unfinished-"))).toBe(true);
        expect(await findTool("cloudflared")).toBeUndefined();

        writeFileSync(join(machine.folder, "go-on"), "");
        const reach = async () => ({ ok: false, why: "no network" }) as const;
        const tool = await ensureTool("cloudflared", { progress: silentProgress, reach });
        expect(await findTool("cloudflared")).toEqual(tool);
        expect(readdirSync(folder)).toEqual(["2025.2.0"]);
    });
});

describe("two processes at once", () => {
    it("build once: the second one says for whom it waits and takes what the first one made", async () => {
        using machine = new Sandbox();
        machine.command("go", SLOW_GO);
        await using first = new Installation(machine);
        await building(machine);
        await using second = new Installation(machine);
        await vi.waitFor(
            () =>
                expect(second.lines.join("\n")).toMatch(
                    new RegExp(`process ${first.pid} .*installing cloudflared 2025\\.2\\.0`),
                ),
            { timeout: 10_000 },
        );

        writeFileSync(join(machine.folder, "go-on"), "");
        expect(await Promise.all([first.finished(), second.finished()])).toEqual([0, 0]);
        expect(machine.calls.filter((call) => call.startsWith("go build"))).toHaveLength(1);
        const installed = first.lines.at(-1);
        expect(second.lines.at(-1)).toBe(installed);
        expect(existsSync(installed?.replace("installed ", "") ?? "")).toBe(true);
    });
});
