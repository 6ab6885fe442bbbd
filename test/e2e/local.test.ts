import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { localFiles } from "../../cli/local/files.ts";
import type { LocalStatus } from "../../cli/local/status.ts";
import { projectDir } from "../../cli/project.ts";
import { objectsOf } from "../../toolchain/docker/index.ts";
import { sallyport } from "../support/cli.ts";

const docker = new Docker();

/** The environment that `sallyport local env` prints, as a shell reads it. */
async function printedEnvironment(): Promise<Record<string, string>> {
    const { stdout, exitCode, stderr } = await sallyport(["local", "env"]);
    expect(exitCode, String(stderr)).toBe(0);
    const names = String(stdout).match(/(?<=^export )\w+/gm) ?? [];
    const show = `${stdout}\nfor n in ${names.join(" ")}; do eval "printf '%s\\0' \\"\\$$n\\""; done`;
    const values = execFileSync("sh", ["-c", show], { encoding: "utf8" }).split("\0");
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? ""]));
}

function pulumi(args: string[], env: Record<string, string>) {
    return execa("npx", ["pulumi", ...args], { cwd: projectDir, env, reject: false, all: true });
}

describe("the local environment", () => {
    beforeAll(async () => {
        if (existsSync(localFiles.root)) {
            throw new Error("A local environment is there already. Take it down first: npm run local -- down");
        }
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode, String(stderr)).toBe(0);
    });
    afterAll(async () => {
        await sallyport(["local", "down"]);
    });

    it("runs Traefik, the demo service and two connectors, and publishes no port", async () => {
        const { services } = await objectsOf(docker, "local");
        const running = services.map(({ name, replicas }) => [name.split("-")[0], replicas.running]).sort();
        expect(running).toEqual([
            ["connector", 2],
            ["demo", 1],
            ["traefik", 1],
        ]);
        for (const { id } of services) {
            const { Endpoint } = (await docker.getService(id).inspect()) as { Endpoint?: { Ports?: unknown[] } };
            expect(Endpoint?.Ports ?? []).toEqual([]);
        }
    });

    it("tells the same status as Docker and the emulator", async () => {
        const { stdout, exitCode } = await sallyport(["local", "status", "--json"]);
        expect(exitCode).toBe(0);
        const status = JSON.parse(String(stdout)) as LocalStatus;
        const { services } = await objectsOf(docker, "local");
        expect(status.services.map(({ name }) => name)).toEqual(services.map(({ name }) => name));
        expect(status.hostnames).toMatchObject([
            { hostname: "demo.sallyport.localhost", audience: ["developers", "robots"] },
        ]);
        expect(status.tunnels).toMatchObject([{ name: "sallyport-local", status: "healthy", connections: 8 }]);
    });

    it("changes nothing when it is brought up again", async () => {
        const { stderr, exitCode } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode).toBe(0);
        expect(String(stderr)).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted, \d+ unchanged/);
    });

    it("is unchanged in the eyes of plain Pulumi, and passes the pack", async () => {
        const env = await printedEnvironment();
        const stackFile = join(projectDir, "Pulumi.local.yaml");
        const committed = readFileSync(stackFile);
        try {
            const args = ["preview", "-s", "local", "--expect-no-changes", "--policy-pack", "policy"];
            const { exitCode, all } = await pulumi(args, env);
            expect(exitCode, all).toBe(0);
        } finally {
            writeFileSync(stackFile, committed); // plain Pulumi keeps the passphrase's salt in it
        }
    });

    it("is unchanged after a refresh", async () => {
        const env = await printedEnvironment();
        const stack = ["-s", "local", "--config-file", localFiles.stackFile];
        const refreshed = await pulumi(["refresh", "--yes", ...stack], env);
        expect(refreshed.exitCode, refreshed.all).toBe(0);
        const preview = await pulumi(["preview", "--expect-no-changes", ...stack], env);
        expect(preview.exitCode, preview.all).toBe(0);
    });

    it("keeps no secret in clear in state, logs, arguments or services", async () => {
        const env = await printedEnvironment();
        const shown = await execa("npx", ["pulumi", "stack", "export", "-s", "local", "--show-secrets"], {
            cwd: projectDir,
            env,
        });
        const secrets = secretsIn(JSON.parse(shown.stdout));
        expect(secrets.length).toBeGreaterThan(5);
        const { services } = await objectsOf(docker, "local");
        const inspected = await Promise.all(services.map(({ id }) => docker.getService(id).inspect()));
        const places = {
            state: filesBelow(localFiles.state),
            emulatorLog: readFileSync(localFiles.emulatorLog, "utf8"),
            arguments: execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }),
            services: JSON.stringify(inspected),
        };
        for (const [place, text] of Object.entries(places)) {
            expect(
                secrets.filter((secret) => text.includes(secret)),
                place,
            ).toEqual([]);
        }
    });
});

/** Every value that the engine marks as a secret, from an export with secrets shown. */
function secretsIn(value: unknown): string[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    const { plaintext } = value as { plaintext?: string };
    if (plaintext !== undefined) {
        const secret: unknown = JSON.parse(plaintext);
        // Shorter ones are numbers and flags inside secret objects: they would be found anywhere.
        return [typeof secret === "string" ? secret : JSON.stringify(secret)].filter((text) => text.length >= 12);
    }
    return Object.values(value).flatMap(secretsIn);
}

function filesBelow(folder: string): string {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
        .join("\n");
}

it("leaves nothing behind when it is taken down", async () => {
    expect(existsSync(localFiles.root)).toBe(false);
    expect(await objectsOf(docker, "local")).toEqual({ services: [], networks: [], secrets: [], configs: [] });
});
