import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { ensureTool, findTool, silentProgress, TOOLS, ToolName } from "../../toolchain/index.ts";

/** A first build of the engine takes minutes, in milliseconds. */
const FIRST_TIME_MS = 900_000;

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

describe("every tool", () => {
    it.each(Object.values(ToolName))(
        "can be had here, in its pinned version: %s",
        async (name) => {
            const tool = await ensureTool(name, { progress: silentProgress });
            expect(await findTool(name)).toEqual(tool);
            const { versionArgs, version } = TOOLS[name];
            if (versionArgs) {
                const { all } = await execa(tool.path, versionArgs, { all: true });
                expect(all).toContain(version);
            }
        },
        FIRST_TIME_MS,
    );
});

describe("programs of ours in Go", () => {
    it.each([
        ["the demonstration's stand-in shows the request and keeps its environment to itself", "whoami"],
        ["the schemas of Traefik's files follow its own types", "traefik-schema"],
    ])("%s", async (_, folder) => {
        const { stdout } = await execa("go", ["test", "-count=1", "./..."], {
            cwd: path(`toolchain/builds/${folder}`),
            env: { GOFLAGS: "-mod=readonly", GOWORK: "off" },
        });
        expect(stdout).toMatch(/^ok\s/);
    });
});

describe("a new network namespace", () => {
    it("gets a loopback interface that carries connections", async () => {
        const program = `
            import { connect, createServer } from "node:net";
            import { ensureLoopback } from ${JSON.stringify(path("toolchain/loopback.ts"))};
            const connects = () => new Promise((resolve) => {
                const server = createServer((socket) => socket.end());
                server.listen(0, "127.0.0.1", () => {
                    const end = (connected) => () => server.close(() => resolve(connected));
                    connect(server.address().port, "127.0.0.1").on("error", end(false)).on("connect", end(true)).resume();
                });
            });
            const before = await connects();
            ensureLoopback();
            console.log(before, await connects());`;
        const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
        const node = [process.execPath, "--input-type=module", "--eval", program];
        const { stdout } = await execa("unshare", [...asRoot, "--net", ...node]);
        expect(stdout).toBe("false true");
    });
});
