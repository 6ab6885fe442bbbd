import { readdirSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { describe, expect, it } from "vitest";
import type { DockerConnection } from "../../toolchain/docker/index.ts";
import {
    type DiagnoseOptions,
    diagnose,
    ensureTool,
    type ProviderName,
    providersOf,
    type Reach,
    silentProgress,
} from "../../toolchain/index.ts";
import { executable, goThatBuilds, Sandbox } from "./support/sandbox.ts";

const reachable: Reach = async () => ({ ok: true });
const unreachable: Reach = async () => ({ ok: false, why: "no network" });

const NO_DOCKER: DockerConnection = { state: "not installed", endpoint: "unix:///var/run/docker.sock" };

/** An engine that answers these two questions. */
function engine(swarm: object, images: object[] = []): DockerConnection {
    const docker = { info: async () => ({ Swarm: swarm }), listImages: async () => images };
    return { state: "running", version: "20.10.24", endpoint: NO_DOCKER.endpoint, docker: docker as unknown as Docker };
}

async function rowsOf(machine: Sandbox, options: Partial<DiagnoseOptions> = {}) {
    const rows = await diagnose({ projectDir: machine.project, docker: NO_DOCKER, reach: unreachable, ...options });
    return Object.fromEntries(rows.map((row) => [row.tool, row]));
}

function machineWithProject() {
    const machine = new Sandbox();
    machine.packages();
    return machine;
}

describe("the diagnosis of an empty machine", () => {
    it("names what is missing and the command that fixes it, and changes nothing", async () => {
        using machine = machineWithProject();
        const before = readdirSync(machine.folder, { recursive: true });
        const rows = await rowsOf(machine);
        expect(Object.keys(rows)).toEqual([
            "node",
            "npm",
            "go",
            "docker",
            "pulumi",
            "pulumi-resource-cloudflare",
            "pulumi-resource-docker",
            "pulumi-resource-kubernetes",
            "pulumi-resource-random",
            "pulumi-resource-tls",
            "cloudflared",
            "traefik",
        ]);
        const { node, ...missing } = rows;
        expect(node).toMatchObject({ ok: true, version: process.versions.node });
        for (const row of Object.values(missing)) expect(row).toMatchObject({ ok: false, fix: expect.any(String) });
        expect(rows.pulumi?.fix).toBe('Run "npx sallyport local up", which installs 3.250.0.');
        expect(rows.go?.fix).toContain("1.25.11");
        expect(rows.docker?.fix).toContain("Docker is not installed");
        expect(readdirSync(machine.folder, { recursive: true })).toEqual(before);
    });

    it("does not ask for Go where everything can be downloaded", async () => {
        using machine = machineWithProject();
        expect(await rowsOf(machine, { reach: reachable })).not.toHaveProperty("go");
    });
});

describe("the diagnosis of a machine that is set up", () => {
    it("tells each version and where it came from", async () => {
        using machine = machineWithProject();
        machine.command("npm", 'console.log("npm warn about something\\n11.19.1");');
        machine.command(
            "go",
            `if (args[0] === "version") console.log("go version go1.26.8 linux/amd64");
            ${goThatBuilds("cloudflared version 2025.2.0")}`,
        );
        await ensureTool("cloudflared", { progress: silentProgress, reach: unreachable });
        const plugin = (pulumiHome: string, name: ProviderName) => {
            const version = providersOf(machine.project).find((provider) => provider.name === name)?.version;
            executable(join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), "");
            return version;
        };
        const tls = plugin(join(machine.home, ".pulumi"), "tls");
        plugin(join(machine.project, ".sallyport", "pulumi"), "docker");

        const rows = await rowsOf(machine);
        expect(rows.npm).toMatchObject({ ok: true, version: "11.19.1" });
        expect(rows.go).toMatchObject({ ok: true, version: "1.26.8" });
        expect(rows.cloudflared).toMatchObject({ ok: true, version: "2025.2.0", source: "registry build" });
        expect(rows["pulumi-resource-tls"]).toMatchObject({ ok: true, version: tls, source: "official" });
        expect(rows["pulumi-resource-docker"]).toMatchObject({ ok: true, source: "fallback" });
    });

    it("counts an image that is there", async () => {
        using machine = machineWithProject();
        const docker = engine({ ControlAvailable: true }, [{}]);
        const rows = await rowsOf(machine, { docker });
        expect(rows.docker).toMatchObject({ ok: true, version: "20.10.24" });
        expect(rows.swarm?.ok).toBe(true);
        expect(rows.traefik).toMatchObject({ ok: true, source: "image", path: "traefik:v3.6.15" });
    });
});

describe("the diagnosis of Docker", () => {
    it("tells that the engine refuses this user", async () => {
        using machine = machineWithProject();
        const docker: DockerConnection = { state: "no permission", endpoint: NO_DOCKER.endpoint };
        const rows = await rowsOf(machine, { docker });
        expect(rows.docker).toMatchObject({ ok: false, fix: expect.stringContaining("refuses this user") });
        expect(rows).not.toHaveProperty("swarm");
    });

    it.each([
        ["is in no Swarm", { LocalNodeState: "inactive", ControlAvailable: false }, "npx sallyport local up"],
        ["is a worker", { LocalNodeState: "active", ControlAvailable: false }, "DOCKER_HOST"],
    ])("says what to do when the engine %s", async (_, swarm, fix) => {
        using machine = machineWithProject();
        const rows = await rowsOf(machine, { docker: engine(swarm) });
        expect(rows.swarm).toMatchObject({ ok: false, fix: expect.stringContaining(fix) });
    });
});
