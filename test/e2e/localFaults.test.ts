import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ask as askApi } from "../../cli/local/apiObjects.ts";
import type { EmulatorDescription } from "../../cli/local/emulatorProcess.ts";
import { localFiles } from "../../cli/local/files.ts";
import { localOutputs } from "../../cli/local/status.ts";
import { projectDir } from "../../cli/project.ts";
import type { Rotation } from "../../cli/rotate/rotate.ts";
import { sallyport } from "../support/cli.ts";
import { askEdge, type PublicAddress } from "./support/askEdge.ts";
import { askTimes, askUntil } from "./support/load.ts";

/** Two replicas with four connections each. */
const CONNECTIONS = 8;
/** cloudflared waits up to half a minute between two attempts, and Swarm some seconds before it starts a task again. */
const PATIENCE = { timeout: 120_000, interval: 200 };

/** What is rotated. */
const THREE = ["proxy-certificate", "service-token/ci", "tunnel"];

const docker = new Docker();
const stackFile = join(projectDir, "Pulumi.local.yaml");
const committed = readFileSync(stackFile, "utf8");

/** One of a tunnel's connectors, as the API lists them. */
interface Connector {
    readonly id: string;
    readonly conns: readonly unknown[];
}

describe("the local environment", () => {
    let emulator: EmulatorDescription;
    let tunnelId: string;
    let demo: PublicAddress;

    beforeAll(async () => {
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode, String(stderr)).toBe(0);
        const { outputs, ...running } = await localOutputs();
        emulator = running.emulator;
        tunnelId = outputs.tunnels[0]?.id ?? "";
        const [token] = Object.values(outputs.serviceTokens);
        demo = {
            port: Number(emulator.https.split(":").at(-1)),
            caPem: emulator.edgeCaPem,
            hostname: outputs.hostnames[0]?.hostname ?? "",
            headers: {
                "cf-access-client-id": token?.clientId,
                "cf-access-client-secret": token?.clientSecret,
            },
        };
        await vi.waitFor(async () => expect(await connections()).toBe(CONNECTIONS), PATIENCE);
    });
    afterAll(async () => {
        await sallyport(["local", "down"]);
        writeFileSync(stackFile, committed);
    });

    const connectors = () =>
        askApi<Connector[]>(emulator, `/accounts/${emulator.accountId}/cfd_tunnel/${tunnelId}/connections`);
    const connections = async () => (await connectors()).reduce((sum, { conns }) => sum + conns.length, 0);
    const dnsRecords = async () => {
        const zones = await askApi<{ id: string }[]>(emulator, "/zones");
        return Promise.all(zones.map(({ id }) => askApi(emulator, `/zones/${id}/dns_records`)));
    };
    /** Whether the demonstration answered; its page is another each time. */
    const askDemo = async () => {
        const { status, body } = await askEdge(demo);
        return { status, body: body.split(":")[0] ?? "" };
    };

    it("loses no idempotent request when one of two connectors is killed under load, and has two again", async () => {
        const before = new Set((await connectors()).map(({ id }) => id));
        const halfway = Promise.withResolvers<void>();
        const load = askTimes(1000, 10, async (i) => {
            if (i === 200) {
                halfway.resolve();
            }
            return askDemo();
        });
        await halfway.promise;
        await killOneConnector();
        expect(await load).toEqual(new Map([["200 Hostname", 1000]]));
        await vi.waitFor(async () => {
            expect(await connections()).toBe(CONNECTIONS);
            expect((await connectors()).filter(({ id }) => before.has(id))).toHaveLength(1);
        }, PATIENCE);
    });

    it("rotates tunnel, service token and certificate under load, is killed in the middle and ends it, and loses no idempotent request", async () => {
        const account = `/accounts/${emulator.accountId}`;
        const token = () => askApi<string>(emulator, `${account}/cfd_tunnel/${tunnelId}/token`);
        const kept = async () => {
            const tunnels = await askApi<{ id: string }[]>(emulator, `${account}/cfd_tunnel?is_deleted=false`);
            return { tunnels: tunnels.map(({ id }) => id), records: await dnsRecords() };
        };
        const before = await kept();
        const [oldToken, oldConnectors, oldCertificates] = await Promise.all([
            token(),
            connectorContainers(),
            proxyCertificates(),
        ]);
        const rotate = ["rotate", "local", ...THREE.flatMap((name) => ["--only", name]), "--yes", "--json"];
        const rotation = async () => {
            await killedOnce(rotate, async () => expect(await token()).not.toBe(oldToken));
            return sallyport(rotate);
        };
        const rotating = rotation();
        const answers = await askUntil(rotating, 4, askDemo);
        const { exitCode, stdout, stderr } = await rotating;
        expect(exitCode, String(stderr)).toBe(0);
        expect([...answers.keys()]).toEqual(["200 Hostname"]);
        expect(answers.get("200 Hostname")).toBeGreaterThan(500);

        const { rotated, entries, changedFile } = JSON.parse(String(stdout)) as Rotation;
        // The file was written before the kill, so the second run begins nothing again.
        expect({ rotated: rotated.toSorted(), changedFile }).toEqual({ rotated: THREE, changedFile: undefined });
        const states = Object.fromEntries(entries.map(({ name, state }) => [name, state]));
        expect(states).toEqual({
            authority: "unscheduled",
            ...Object.fromEntries(THREE.map((name) => [name, "settling"])),
        });
        expect(readFileSync(stackFile, "utf8").match(/firstVersion: \d+/g)).toEqual(THREE.map(() => "firstVersion: 2"));
        expect(await kept()).toEqual(before);
        const oldSecret = demo.headers?.["cf-access-client-secret"];
        const newSecret = Object.values((await localOutputs()).outputs.serviceTokens)[0]?.clientSecret;
        expect(newSecret).not.toBe(oldSecret);
        demo = { ...demo, headers: { ...demo.headers, "cf-access-client-secret": newSecret } };
        expect(await askDemo()).toEqual({ status: 200, body: "Hostname" });
        await vi.waitFor(async () => {
            expect(await connections()).toBe(CONNECTIONS);
            expect((await connectorContainers()).filter((id) => oldConnectors.includes(id))).toEqual([]);
            expect((await proxyCertificates()).filter((id) => oldCertificates.includes(id))).toEqual([]);
        }, PATIENCE);
    });

    it("says that nothing is due, and changes nothing", async () => {
        const { exitCode, stdout, stderr } = await sallyport(["rotate", "local", "--due"]);
        expect(exitCode, String(stderr)).toBe(0);
        expect(String(stdout)).toMatch(/nothing is due$/);
    });

    it("is whole again after its edge was killed: the same tunnel, the same names, and connectors that come back by themselves", async () => {
        const described = () =>
            Promise.all([
                askApi(emulator, `/accounts/${emulator.accountId}/cfd_tunnel/${tunnelId}/token`),
                dnsRecords(),
            ]);
        const containers = await connectorContainers();
        const before = await described();
        const { pid } = JSON.parse(readFileSync(localFiles.emulatorProcess, "utf8")) as { pid: number };
        process.kill(pid, "SIGKILL");
        await expect(askDemo()).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket/);
        const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
        expect(exitCode, String(stderr)).toBe(0);
        await vi.waitFor(async () => expect(await connections()).toBe(CONNECTIONS), PATIENCE);
        expect(await askDemo()).toEqual({ status: 200, body: "Hostname" });
        expect(await described()).toEqual(before);
        expect(await connectorContainers()).toEqual(containers);
    });
});

/** Ids of the running connectors' containers. */
async function connectorContainers(): Promise<string[]> {
    const containers = await docker.listContainers({ filters: { label: ["com.docker.swarm.task"] } });
    return containers
        .filter(({ Labels }) => Labels["com.docker.swarm.service.name"]?.startsWith("tunnel-connector"))
        .map(({ Id }) => Id)
        .toSorted();
}

async function killOneConnector(): Promise<void> {
    const [first = ""] = await connectorContainers();
    await docker.getContainer(first).kill({ signal: "SIGKILL" });
}

/** Ids of the Swarm configs with the proxy's certificate. */
async function proxyCertificates(): Promise<string[]> {
    const configs = await docker.listConfigs();
    return configs.filter(({ Spec }) => /^traefik.*cert/.test(Spec?.Name ?? "")).map(({ ID }) => ID);
}

/** Starts the command in a process group of its own, and kills the group once something holds. */
async function killedOnce(args: string[], holds: () => Promise<void>): Promise<void> {
    const child = spawn(process.execPath, [join(projectDir, "cli", "bin.js"), ...args], {
        ...{ cwd: projectDir, stdio: "ignore", detached: true },
    });
    const exited = once(child, "exit");
    await vi.waitFor(holds, PATIENCE);
    expect(child.exitCode).toBe(null);
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await exited;
}
