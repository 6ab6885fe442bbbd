import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connect, dockerAt, dockerError, ensureDocker, type Host } from "../../toolchain/docker/index.ts";
import { isDebian } from "../../toolchain/host.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { FakeEngine } from "./support/fakeEngine.ts";

const debianRoot: Host = { platform: "linux", root: true, systemd: false, debian: true };

let folder: string;

beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "docker-"));
    vi.stubEnv("DOCKER_HOST", "");
});

afterEach(() => rm(folder, { recursive: true }));

/** Runs as a user who may not open what root has closed. */
async function asOrdinaryUser<T>(act: () => Promise<T>): Promise<T> {
    if (process.getuid?.() !== 0) return act();
    process.seteuid?.(65_534);
    try {
        return await act();
    } finally {
        process.seteuid?.(0);
    }
}

describe("reaching Docker", () => {
    it("finds a running engine and its version, through DOCKER_HOST too", async () => {
        await using engine = await FakeEngine.start();
        const expected = { state: "running", version: "20.10.24", endpoint: engine.host };
        expect(await connect({ host: engine.host })).toMatchObject(expected);
        vi.stubEnv("DOCKER_HOST", engine.host);
        expect(await connect()).toMatchObject(expected);
    });

    it("tells an engine that refuses this user from one that does not run", async () => {
        await using engine = await FakeEngine.start();
        await chmod(engine.folder, 0o755);
        await chmod(engine.socket, 0o600);
        if (process.getuid?.() !== 0) await chmod(engine.socket, 0);
        const refused = await asOrdinaryUser(() => connect({ host: engine.host }));
        expect(refused).toEqual({ state: "no permission", endpoint: engine.host });

        const nobody = `unix://${join(folder, "nobody.sock")}`;
        expect(await connect({ host: nobody })).toEqual({ state: "not running", endpoint: nobody, detail: "ENOENT" });
    });

    it("gives up on an engine that accepts the connection and says nothing", async () => {
        await using engine = await FakeEngine.start({ "GET /version": "silence" });
        const silent = await connect({ host: engine.host, answerWithinMs: 50 });
        expect(silent).toMatchObject({ state: "not running", detail: "it does not answer" });
    });

    it("refuses an address that Docker does not know", () => {
        expect(() => dockerAt("localhost:2375")).toThrow('host: "localhost:2375" is no Docker engine address');
    });
});

describe("what to do when Docker cannot be used", () => {
    const endpoint = "unix:///var/run/docker.sock";
    const notRunning = { state: "not running", endpoint, detail: "ECONNREFUSED" } as const;
    const user: Host = { ...debianRoot, root: false };

    it.each([
        ["no permission", { state: "no permission", endpoint } as const, user, /^Run "sudo usermod -aG docker \$USER"/],
        [
            "not installed, Debian",
            { state: "not installed", endpoint } as const,
            user,
            /^Run "sudo apt-get update && sudo/,
        ],
        ["not installed, Debian's root", { state: "not installed", endpoint } as const, debianRoot, /^Add --yes/],
        [
            "not installed, Fedora",
            { state: "not installed", endpoint } as const,
            { ...user, debian: false },
            /docs\.docker\.com/,
        ],
        [
            "not installed, a Mac",
            { state: "not installed", endpoint } as const,
            { ...user, platform: "darwin" as const },
            /brew/,
        ],
        ["stopped, systemd", notRunning, { ...user, systemd: true }, /^Run "sudo systemctl start docker"/],
        ["stopped, no systemd", notRunning, debianRoot, /^Run "dockerd"/],
        ["stopped, Windows", notRunning, { ...user, platform: "win32" as const }, /^Start Docker Desktop/],
    ])("is said for this machine: %s", (_, connection, host, fix) => {
        expect(dockerError(connection, host).fix).toMatch(fix);
    });

    it("names DOCKER_HOST where that is what leads nowhere", () => {
        vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:1");
        expect(dockerError(notRunning, user).fix).toContain("DOCKER_HOST");
    });

    it("knows Debian's children by their ID_LIKE", () => {
        expect(isDebian('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n')).toBe(true);
        expect(isDebian("ID=debian\n")).toBe(true);
        expect(isDebian('ID="fedora"\nID_LIKE="rhel centos"\n')).toBe(false);
    });
});

describe("making sure of Docker", () => {
    const progress = silentProgress;
    /** An engine's socket that is not there unless a command of this test makes it. */
    const socket = () => join(folder, "docker.sock");
    const options = (yes: boolean) => ({
        yes,
        progress,
        home: join(folder, "home"),
        host: debianRoot,
        connection: { host: `unix://${socket()}`, searchPath: folder },
    });

    /** A command on PATH that notes its arguments and then does as told. */
    async function command(name: string, script = ""): Promise<void> {
        const note = `require("node:fs").appendFileSync(${JSON.stringify(join(folder, "notes"))}, [${JSON.stringify(name)}, ...process.argv.slice(2)].join(" ") + "\\n");`;
        await writeFile(join(folder, name), `#!${process.execPath}\n${note}\n${script}\n`, { mode: 0o755 });
        vi.stubEnv("PATH", folder);
    }

    /** A `dockerd` that answers, and ends by itself so that no test leaves one behind. */
    const answering = () => `
        const server = require("node:http").createServer((_, response) => {
            response.end(JSON.stringify({ Version: "20.10.24" }));
            server.close();
            server.closeIdleConnections();
        });
        server.keepAliveTimeout = 1;
        server.listen(${JSON.stringify(socket())});`;

    const notes = () => readFile(join(folder, "notes"), "utf8").catch(() => "");

    it("starts a stopped engine by hand where there is no systemd, and keeps its log and process id", async () => {
        await command("dockerd", `console.log("starting"); ${answering()}`);
        const running = await ensureDocker(options(true));
        expect(running.version).toBe("20.10.24");
        expect(await notes()).toBe("dockerd\n");
        expect(await readFile(join(folder, "home/docker/dockerd.log"), "utf8")).toBe("starting\n");
        expect(await readFile(join(folder, "home/docker/dockerd.pid"), "utf8")).toMatch(/^\d+\n$/);
    });

    it("says what the engine said when it ends instead of answering", async () => {
        await command("dockerd", 'console.error("failed to create NAT chain"); process.exit(1);');
        await expect(ensureDocker(options(true))).rejects.toThrow("dockerd ended: failed to create NAT chain");
    });

    it("does not wait for ever for an engine that starts and does not answer", async () => {
        await command("dockerd", "setInterval(() => {}, 1_000);");
        const error = await ensureDocker({ ...options(true), startWithinMs: 100 }).catch((reason: unknown) => reason);
        process.kill(Number(await readFile(join(folder, "home/docker/dockerd.pid"), "utf8")));
        expect(error).toMatchObject({ message: "dockerd does not answer: it says nothing" });
    });

    it("touches nothing without consent", async () => {
        await command("dockerd", answering());
        await expect(ensureDocker(options(false))).rejects.toMatchObject({ name: "ToolError", fix: 'Run "dockerd".' });
        const asked: string[] = [];
        const confirm = async (question: string) => {
            asked.push(question);
            return false;
        };
        await expect(ensureDocker({ ...options(false), confirm })).rejects.toThrow("Docker does not run");
        expect(asked).toEqual(["Docker is installed but does not run. Start it?"]);
        expect(await notes()).toBe("");
    });

    it("takes a running engine as it is", async () => {
        await using engine = await FakeEngine.start();
        await command("dockerd");
        await ensureDocker({ ...options(true), connection: { host: engine.host } });
        expect(await notes()).toBe("");
        expect(engine.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /version"]);
    });

    it("asks no engine of another machine's to be started", async () => {
        vi.stubEnv("DOCKER_HOST", `unix://${socket()}`);
        await command("dockerd", answering());
        const remote = { ...options(true), connection: { searchPath: folder } };
        await expect(ensureDocker(remote)).rejects.toMatchObject({ fix: expect.stringContaining("DOCKER_HOST") });
        expect(await notes()).toBe("");
    });
});
