import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Audit } from "../../cli/audit/audit.ts";
import { readDocker } from "../../cli/audit/docker/view.ts";
import { exportState } from "../../cli/engine/state.ts";
import { ask as askApi } from "../../cli/local/apiObjects.ts";
import type { EmulatorDescription } from "../../cli/local/emulatorProcess.ts";
import { localFiles } from "../../cli/local/files.ts";
import { openLocalStack } from "../../cli/local/stack.ts";
import { localOutputs } from "../../cli/local/status.ts";
import { projectDir } from "../../cli/project.ts";
import type { Rotation } from "../../cli/rotate/rotate.ts";
import { objectsOf } from "../../toolchain/docker/index.ts";
import { preparePulumi, silentProgress } from "../../toolchain/index.ts";
import { Workbench } from "../docker/support/workbench.ts";
import { missing } from "../observability/expressions.ts";
import { sallyport } from "../support/cli.ts";
import { askEdge, type PublicAddress } from "./support/askEdge.ts";
import { figuresAt, joinNetwork, lookUp, scrape, scrapeJob } from "./support/figures.ts";
import { askTimes, askUntil } from "./support/load.ts";

/** Two replicas with four connections each. */
const CONNECTIONS = 8;
/** cloudflared waits up to half a minute between two attempts, and Swarm some seconds before it starts a task again. */
const PATIENCE = { timeout: 120_000, interval: 200 };

/** What is rotated. */
const THREE = ["proxy-certificate", "service-token/ci", "tunnel"];

/** A question that nobody answered, for want of a way there. */
const UNREACHED = {
    status: "rejected",
    reason: expect.objectContaining({ message: expect.stringMatching(/fetch failed|timeout/) }),
};

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
        // Faults come once the figures are off again.
        writeFileSync(stackFile, `${committed}  sallyport:metrics: { connectors: true }\n`);
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

    describe("with figures", () => {
        const connectorFigures = { job: scrapeJob("sallyport-connectors", "local"), prefix: "cloudflared_" };
        const proxyFigures = { job: scrapeJob("sallyport-proxies", "local"), prefix: "traefik_" };
        const openStack = async () =>
            openLocalStack(await preparePulumi({ projectDir, progress: silentProgress }), emulator.apiBaseUrl);
        /** Ids of what the stack has, by name. */
        const idsOf = async () => {
            const { resources = [] } = (await exportState(await openStack())).deployment;
            return new Map(
                resources.flatMap(({ urn, id }) => (id === undefined ? [] : [[urn.split("::").at(-1), id]])),
            );
        };

        it("shows them to Prometheus, by the example's names, and to nobody on another network", async () => {
            await using bench = await Workbench.open();
            const { services, containers } = await readDocker("local", undefined);
            expect(services.flatMap(({ publishedPorts }) => publishedPorts)).toEqual([]);
            const image = services.find(({ name }) => name.startsWith("demo"))?.image ?? "";
            const app = containers.find(({ name }) => name.startsWith("demo"))?.pid ?? 0;
            const prometheus = await joinNetwork(bench, "sallyport-local-metrics", image);
            await askDemo();

            for (const { job, prefix } of [connectorFigures, proxyFigures]) {
                const shown = await scrape(prometheus, job);
                expect(shown.map(({ answer }) => answer.status)).toEqual([200, 200]);
                // Only the proxy that was asked for the demonstration has figures of its service.
                expect(missing(prefix, shown.map(({ answer }) => answer.body).join("\n"))).toEqual([]);
                const askedFrom = (pid: number) => shown.map(({ address }) => figuresAt(pid, address, job));
                const [named, ...answers] = await Promise.allSettled([lookUp(app, job.name), ...askedFrom(app)]);
                expect(named).toEqual({ status: "fulfilled", value: [] });
                expect(answers).toEqual([UNREACHED, UNREACHED]);
                // Where this machine's way out leads, somebody may answer at any address, with something else.
                const outside = await Promise.allSettled(askedFrom(process.pid));
                expect(JSON.stringify(outside)).not.toContain(prefix);
            }
            // The proxies are on the app's network as well, and say no there.
            const neighbours = await lookUp(app, "traefik");
            const answers = await Promise.all(neighbours.map((address) => figuresAt(app, address, proxyFigures.job)));
            expect(answers.map(({ status }) => status)).toEqual([403, 403]);
        });

        it("passes the audit, which names where else the connectors show theirs", async () => {
            const { stdout, exitCode } = await sallyport(["audit", "local", "--json"]);
            const { checks } = JSON.parse(String(stdout)) as Audit;
            expect(checks.filter(({ ok }) => !ok)).toEqual([]);
            expect(exitCode).toBe(0);
            const named = checks.flatMap(({ subject, detail }) => {
                const [, address = ""] =
                    /; figures, as the stack declares, also tcp 20241 at (\S+) \(docker_gwbridge\)$/.exec(detail) ?? [];
                return address === "" ? [] : [{ service: subject.split("-service")[0], address }];
            });
            expect(named.map(({ service }) => service)).toEqual(["tunnel-connector", "tunnel-connector"]);
            const answers = await Promise.all(
                named.map(({ address }) => figuresAt(process.pid, address, connectorFigures.job)),
            );
            expect(answers.map(({ status }) => status)).toEqual([200, 200]);
        });

        it("is unchanged to a second preview, and after a refresh", async () => {
            const stack = await openStack();
            await stack.preview({ expectNoChanges: true });
            await stack.refresh({ expectNoChanges: true });
        });

        it("has them no more once nobody asks for them, and replaces nothing but what showed them", async () => {
            const before = await idsOf();
            writeFileSync(stackFile, committed);
            const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
            expect(exitCode, String(stderr)).toBe(0);
            const after = await idsOf();
            const differing = [...new Set([...before.keys(), ...after.keys()])].filter(
                (name) => before.get(name) !== after.get(name),
            );
            expect(differing.toSorted()).toEqual([
                "metrics-network",
                "traefik-dynamic",
                "traefik-service",
                "traefik-static",
                "tunnel-connector-service",
            ]);
            expect(after.has("metrics-network")).toBe(false);
            const { networks } = await objectsOf(docker, "local");
            expect(networks.map(({ name }) => name.split("-").at(-1))).toEqual(["demo", "edge", "egress"]);
            await vi.waitFor(async () => expect(await connections()).toBe(CONNECTIONS), PATIENCE);
        });
    });

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
