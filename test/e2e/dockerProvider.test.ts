import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureSwarm, objectsOf } from "../../toolchain/docker/index.ts";
import type { PropertyMap } from "../../toolchain/fallback/plugin/provider.ts";
import { buildTestImage } from "../docker/support/image.ts";
import { type Made, ProviderUnderTest } from "../docker/support/provider.ts";
import { Workbench } from "../docker/support/workbench.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

let image: string;

beforeAll(async () => {
    await using bench = await Workbench.open();
    await ensureSwarm(bench.docker);
    image = await buildTestImage(bench.docker);
});

afterAll(async () => {
    await using bench = await Workbench.open();
    await bench.docker.getImage(image).remove({ force: true });
});

interface Changes {
    readonly args?: string[];
    readonly env?: PropertyMap;
    readonly secrets?: PropertyMap[];
    readonly replicas?: number;
    readonly restart?: PropertyMap;
    readonly image?: string;
}

function serviceArgs(bench: Workbench, networks: readonly Made[], changes: Changes = {}): PropertyMap {
    return {
        labels: bench.labels,
        taskSpec: {
            containerSpec: {
                image: changes.image ?? image,
                args: changes.args ?? ["-port", "8080"],
                env: changes.env ?? { A: "1" },
                secrets: changes.secrets ?? [],
                user: "65532:65532",
                readOnly: true,
                capDrops: ["ALL"],
                stopGracePeriod: "1s",
                stopSignal: "SIGKILL",
                hosts: [{ ip: "192.0.2.1", host: "team.example.com" }],
                mounts: [
                    { type: "tmpfs", target: "/tmp", readOnly: false, tmpfsOptions: { sizeBytes: 65_536, mode: 511 } },
                ],
            },
            networksAdvanceds: networks.map(({ id }) => ({ id })),
            restartPolicy: changes.restart ?? { condition: "any", delay: "1s", maxAttempts: 0, window: "0s" },
            placement: { constraints: ["node.role==manager"], maxReplicas: 9 },
            resources: { limits: { memoryBytes: 67_108_864, nanoCpus: 250_000_000 } },
        },
        mode: { replicated: { replicas: changes.replicas ?? 1 } },
        endpointSpec: { mode: "dnsrr" },
        updateConfig: { order: "start-first", failureAction: "rollback", monitor: "1s" },
        convergeConfig: { delay: "250ms", timeout: "3m" },
    };
}

describe("a Swarm service", () => {
    it("comes up, has no diff with itself after a refresh or an import, and is gone when it is deleted", async () => {
        await using bench = await Workbench.open();
        const provider = new ProviderUnderTest();
        const network = await provider.resource("Network").create("net", { driver: "overlay", labels: bench.labels });
        const service = provider.resource("Service");
        const args = serviceArgs(bench, [network], { replicas: 2 });

        const made = await service.create("web", args);
        expect(made.outputs.name).toMatch(/^web-[0-9a-f]{7}$/);
        const { services } = await objectsOf(bench.docker, bench.stack);
        expect(services).toMatchObject([
            { id: made.id, image, replicas: { running: 2, desired: 2 }, publishedPorts: [] },
        ]);
        expect((await service.diff("web", made, args)).changes).toEqual({});

        const refreshed = await service.read("web", made);
        expect(refreshed?.inputs).toEqual(made.inputs);
        expect((await service.diff("web", { ...made, outputs: refreshed?.outputs ?? {} }, args)).changes).toEqual({});

        const imported = await service.read("web", { id: made.id, inputs: {}, outputs: {} });
        const { inputs = {}, outputs = {} } = imported ?? {};
        expect((await service.diff("web", { id: made.id, inputs, outputs }, inputs)).changes).toEqual({});
        expect(inputs).toMatchObject({ mode: { replicated: { replicas: 2 } }, endpointSpec: { mode: "dnsrr" } });

        await service.delete("web", made);
        expect(await service.read("web", made)).toBeUndefined();
        // Its tasks are gone too, so that the network can go at once.
        await provider.resource("Network").delete("net", network);
        expect((await objectsOf(bench.docker, bench.stack)).networks).toEqual([]);
    });

    it("is updated in place when its environment, secrets or replicas change", async () => {
        await using bench = await Workbench.open();
        const provider = new ProviderUnderTest();
        const service = provider.resource("Service");
        const secrets = provider.resource("Secret");
        const reference = ({ id, outputs }: Made): PropertyMap => ({
            secretId: id,
            secretName: outputs.name ?? "",
            fileName: "/run/secrets/token",
            fileUid: "65532",
            fileMode: 0o400,
        });
        const old = await secrets.create("token", { data: base64("old"), labels: bench.labels }, "first");
        const made = await service.create("web", serviceArgs(bench, [], { secrets: [reference(old)] }));

        const change = await secrets.diff("token", old, { data: base64("new"), labels: bench.labels });
        expect(change.changes).toEqual({ data: { kind: "update", replaces: true } });
        const fresh = await secrets.create("token", { data: base64("new"), labels: bench.labels }, "second");
        expect(fresh.outputs.name).not.toBe(old.outputs.name);
        await expect(secrets.delete("token", old)).rejects.toThrow("is in use by the following service");

        const args = serviceArgs(bench, [], { secrets: [reference(fresh)], env: { A: "2" }, replicas: 2 });
        const { changes } = await service.diff("web", made, args);
        expect(Object.values(changes).map(({ replaces }) => replaces)).toEqual([false, false, false]);
        const updated = await service.update("web", made, args);
        expect((await service.diff("web", updated, args)).changes).toEqual({});
        const { services } = await objectsOf(bench.docker, bench.stack);
        expect(services).toMatchObject([{ id: made.id, replicas: { running: 2, desired: 2 } }]);
        // Nothing uses the old one any more.
        await secrets.delete("token", old);
        expect(await secrets.read("token", old)).toBeUndefined();
    });

    it("is replaced by one of another name beside it when its networks change", async () => {
        await using bench = await Workbench.open();
        const provider = new ProviderUnderTest();
        const networks = provider.resource("Network");
        const service = provider.resource("Service");
        const one = await networks.create("one", { driver: "overlay", labels: bench.labels });
        const two = await networks.create("two", { driver: "overlay", labels: bench.labels });
        const made = await service.create("web", serviceArgs(bench, [one]), "first");

        const args = serviceArgs(bench, [one, two]);
        const { changes, deleteBeforeReplace } = await service.diff("web", made, args);
        expect(changes).toEqual({ "taskSpec.networksAdvanceds": { kind: "update", replaces: true } });
        expect(deleteBeforeReplace ?? false).toBe(false);
        const replacement = await service.create("web", args, "second");
        const { services } = await objectsOf(bench.docker, bench.stack);
        expect(services.map(({ id }) => id).sort()).toEqual([made.id, replacement.id].sort());
        await service.delete("web", made);
    });

    it("that does not come up is reported with its task's error and last words, and is not left behind", async () => {
        await using bench = await Workbench.open();
        const service = new ProviderUnderTest().resource("Service");
        const args = serviceArgs(bench, [], { args: ["-no-such-flag"] });
        await expect(service.create("web", args)).rejects.toThrow(
            /^service "web-[0-9a-f]{7}" did not converge: a task failed 3 times; task web-[0-9a-f]{7}\.1 is failed: task: non-zero exit \(2\)\n.*Usage of \/whoami/s,
        );
        expect((await objectsOf(bench.docker, bench.stack)).services).toEqual([]);
    });

    it("whose image is nowhere is reported at once where tasks are not restarted", async () => {
        await using bench = await Workbench.open();
        const service = new ProviderUnderTest().resource("Service");
        const restart = { condition: "none", delay: "1s", maxAttempts: 0, window: "0s" };
        const args = serviceArgs(bench, [], { image: "sallyport.test/nothing:1", restart });
        await expect(service.create("web", args)).rejects.toThrow("No such image: sallyport.test/nothing:1");
    });

    it("whose update fails is rolled back, reported, and stays in the state as it is now", async () => {
        await using bench = await Workbench.open();
        const service = new ProviderUnderTest().resource("Service");
        const made = await service.create("web", serviceArgs(bench, []));
        const failed = await service
            .update("web", made, serviceArgs(bench, [], { args: ["-no-such-flag"] }))
            .catch((error: unknown) => error);
        expect(failed).toMatchObject({
            name: "ResourceInitError",
            id: made.id,
            reasons: [expect.stringContaining("its update was rolled back")],
            outputs: { taskSpec: { containerSpec: { args: ["-port", "8080"] } } },
        });
        const { services } = await objectsOf(bench.docker, bench.stack);
        expect(services).toMatchObject([{ id: made.id, replicas: { running: 1 } }]);
    });

    it("cannot be deleted when somebody removed it by hand, until a refresh has noticed", async () => {
        await using bench = await Workbench.open();
        const service = new ProviderUnderTest().resource("Service");
        const made = await service.create("web", serviceArgs(bench, []));
        await bench.docker.getService(made.id).remove();
        await expect(service.delete("web", made)).rejects.toThrow(`Error deleting service ${made.id}`);
        expect(await service.read("web", made)).toBeUndefined();
    });

    it("is made known to the state when the user interrupts the wait", async () => {
        await using bench = await Workbench.open();
        const provider = new ProviderUnderTest();
        const service = provider.resource("Service");
        const args = serviceArgs(bench, [], { args: ["-no-such-flag"], restart: { condition: "any", delay: "20s" } });
        const interrupted = service.create("web", args).catch((error: unknown) => error);
        await expect.poll(async () => (await objectsOf(bench.docker, bench.stack)).services.length).toBe(1);
        provider.cancel();
        const { services } = await objectsOf(bench.docker, bench.stack);
        expect(await interrupted).toMatchObject({ name: "ResourceInitError", id: services[0]?.id });
    });
});

describe("a Docker network, config and volume", () => {
    it("have no diff after a refresh and are replaced when they change", async () => {
        await using bench = await Workbench.open();
        const provider = new ProviderUnderTest();
        const cases: [kind: string, given: PropertyMap, changed: PropertyMap, path: string][] = [
            ["Network", { driver: "overlay", attachable: true }, { driver: "overlay" }, "attachable"],
            ["ServiceConfig", { dataRaw: "a: 1\n" }, { dataRaw: "a: 2\n" }, "dataRaw"],
            ["ServiceConfig", { data: base64("a: 1\n") }, { data: base64("a: 2\n") }, "data"],
            ["Volume", { driverOpts: { type: "tmpfs", device: "tmpfs" } }, {}, 'driverOpts["type"]'],
        ];
        for (const [kind, given, changed, path] of cases) {
            const resource = provider.resource(kind);
            const made = await resource.create(`a-${kind}`, { ...given, labels: bench.labels });
            try {
                const refreshed = await resource.read("a", made);
                expect(refreshed?.inputs).toEqual(made.inputs);
                const live = { ...made, outputs: refreshed?.outputs ?? {} };
                const unchanged = await resource.diff(`a-${kind}`, live, { ...given, labels: bench.labels });
                expect(unchanged.changes).toEqual({});
                const { changes } = await resource.diff(`a-${kind}`, live, { ...changed, labels: bench.labels });
                expect(changes[path]).toMatchObject({ replaces: true });
            } finally {
                await resource.delete(`a-${kind}`, made);
            }
            expect(await resource.read("a", made)).toBeUndefined();
        }
    });
});

describe("a container", () => {
    it("runs on the networks that it names, has no diff after a refresh, and takes new limits in place", async () => {
        await using bench = await Workbench.open();
        const provider = new ProviderUnderTest();
        const network = await provider.resource("Network").create("net", { driver: "bridge", labels: bench.labels });
        const container = provider.resource("Container");
        const args: PropertyMap = {
            image,
            command: ["-port", "8080"],
            envs: ["A=1"],
            labels: bench.labels,
            capabilities: { drops: ["ALL"] },
            networksAdvanced: [{ name: network.id, aliases: ["web"] }],
            memory: 64,
            uploads: [{ file: "/etc/motd", content: "hello" }],
            restart: "unless-stopped",
        };
        const made = await container.create("web", args);
        const { NetworkSettings } = await bench.docker.getContainer(made.id).inspect();
        expect(Object.keys(NetworkSettings.Networks)).toEqual([network.outputs.name]);
        const refreshed = await container.read("web", made);
        const live = { ...made, outputs: refreshed?.outputs ?? {} };
        expect((await container.diff("web", live, args)).changes).toEqual({});

        const { changes } = await container.diff("web", live, { ...args, memory: 96 });
        expect(changes).toEqual({ memory: { kind: "update", replaces: false } });
        const updated = await container.update("web", live, { ...args, memory: 96 });
        expect(updated.outputs.memory).toBe(96);
        await container.delete("web", updated);
        expect(await container.read("web", updated)).toBeUndefined();
    });

    it("that ends at once is an error and is not left behind", async () => {
        await using bench = await Workbench.open();
        const container = new ProviderUnderTest().resource("Container");
        const args = { image, command: ["-no-such-flag"], labels: bench.labels };
        await expect(container.create("web", args)).rejects.toThrow("it exited immediately with code 2");
        expect(
            await bench.docker.listContainers({ all: true, filters: { label: [`sallyport.stack=${bench.stack}`] } }),
        ).toEqual([]);
    });
});

describe("a pulled image", () => {
    it("that is present is taken without a registry and kept if the program says so", async () => {
        await using bench = await Workbench.open();
        const remoteImage = new ProviderUnderTest().resource("RemoteImage");
        const made = await remoteImage.create("web", { name: image, keepLocally: true });
        expect(made.outputs.imageId).toBe((await bench.docker.getImage(image).inspect()).Id);
        expect((await remoteImage.diff("web", made, { name: image, keepLocally: true })).changes).toEqual({});
        await remoteImage.delete("web", made);
        expect(await remoteImage.read("web", made)).toBeDefined();
    });
});
