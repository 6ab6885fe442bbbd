import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { KeptProcess } from "../../cli/processes/kept.ts";
import { startTied } from "../../cli/processes/tied.ts";

const isRunning = (pid: number) => {
    try {
        return process.kill(pid, 0);
    } catch {
        return false;
    }
};

function node(program: string, lines: string[] = [], env: Record<string, string> = {}) {
    return startTied(process.execPath, ["-e", program], { env, onLine: (line) => lines.push(line) });
}

const WAIT = "setInterval(() => {}, 1000)";

describe("a tied program", () => {
    it("ends with a parent that is killed", async () => {
        const script = join(import.meta.dirname, "support", "tiedParent.ts");
        const parent = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
        const pid = Number(String((await once(parent.stdout, "data"))[0]));
        expect(isRunning(pid)).toBe(true);
        parent.kill("SIGKILL");
        await once(parent, "exit");
        await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000 });
    });

    it("ends when it is disposed of, with what it printed on both outputs heard", async () => {
        const lines: string[] = [];
        const program = node(`console.log(process.pid); console.error("ready"); ${WAIT}`, lines);
        await vi.waitFor(() => expect(lines).toHaveLength(2), { timeout: 5_000 });
        await program[Symbol.asyncDispose]();
        expect(lines).toContain("ready");
        expect(isRunning(Number(lines.find((line) => line !== "ready")))).toBe(false);
    });

    it("that ends by itself tells how, and leaves nothing that waits for its parent", async () => {
        await using program = node("process.exit(3)");
        expect(await program.ended).toBe("exit code 3");
    });

    it("gets the environment that it was given and no other", async () => {
        const lines: string[] = [];
        await using program = node("console.log(Object.keys(process.env).includes('HOME'), process.env.ONE)", lines, {
            ONE: "1",
        });
        await program.ended;
        expect(lines).toEqual(["false 1"]);
    });
});

describe("a kept program", () => {
    it("is started again after waits that grow, until it is disposed of", async () => {
        const ends: [string, number][] = [];
        const fourth = Promise.withResolvers<void>();
        const kept = new KeptProcess({
            start: async () => node("process.exit(3)"),
            onEnd: (reason, wait) => {
                ends.push([reason, wait]);
                if (ends.length === 4) {
                    fourth.resolve();
                }
            },
            backOffMs: [1, 2, 3],
        });
        await fourth.promise;
        await kept[Symbol.asyncDispose]();
        expect(ends.slice(0, 4)).toEqual([1, 2, 3, 3].map((wait) => ["exit code 3", wait]));
        await expect(kept.current()).rejects.toThrow("over");
    });

    it("that cannot be started is tried again as well", async () => {
        let attempts = 0;
        const reasons: string[] = [];
        await using kept = new KeptProcess({
            start: async () => {
                if (attempts++ === 0) {
                    throw new Error("no free port");
                }
                return node(WAIT);
            },
            onEnd: (reason) => reasons.push(reason),
            backOffMs: [1],
        });
        await kept.current();
        expect(reasons).toEqual(["no free port"]);
    });
});
