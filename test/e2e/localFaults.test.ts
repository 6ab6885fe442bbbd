import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ask as askApi } from "../../cli/local/apiObjects.ts";
import type { EmulatorDescription } from "../../cli/local/emulatorProcess.ts";
import { localFiles } from "../../cli/local/files.ts";
import { localOutputs } from "../../cli/local/status.ts";
import { projectDir } from "../../cli/project.ts";
import { sallyport } from "../support/cli.ts";
import { askEdge, type PublicAddress } from "./support/askEdge.ts";
import { askTimes, askUntil } from "./support/load.ts";

/** Two replicas with four connections each. */
const CONNECTIONS = 8;
/** cloudflared waits up to half a minute between two attempts, and Swarm some seconds before it starts a task again. */
const PATIENCE = { timeout: 120_000, interval: 200 };

/** A schedule whose present version is not the first. */
const ROTATED = '  sallyport:tunnel: { rotation: { since: "2020-01-01", every: 720h, firstVersion: 2 } }\n';

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

    it("gives its tunnel a new secret under load, and loses no idempotent request, nor the tunnel, nor a name", async () => {
        const account = `/accounts/${emulator.accountId}`;
        const token = () => askApi<string>(emulator, `${account}/cfd_tunnel/${tunnelId}/token`);
        const kept = async () => {
            const tunnels = await askApi<{ id: string }[]>(emulator, `${account}/cfd_tunnel?is_deleted=false`);
            return { tunnels: tunnels.map(({ id }) => id), records: await dnsRecords() };
        };
        const [before, oldToken, old] = await Promise.all([kept(), token(), connectorContainers()]);
        writeFileSync(stackFile, committed + ROTATED);
        const update = sallyport(["local", "up", "--yes"]);
        const answers = await askUntil(update, 4, askDemo);
        const { exitCode, stderr } = await update;
        expect(exitCode, String(stderr)).toBe(0);
        expect([...answers.keys()]).toEqual(["200 Hostname"]);
        expect(answers.get("200 Hostname")).toBeGreaterThan(500);
        expect(await kept()).toEqual(before);
        expect(await token()).not.toBe(oldToken);
        await vi.waitFor(async () => {
            expect(await connections()).toBe(CONNECTIONS);
            expect((await connectorContainers()).filter((id) => old.includes(id))).toEqual([]);
        }, PATIENCE);
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
