import { describe, expect, it } from "vitest";
import { type PropertyMap, UNKNOWN } from "../../toolchain/fallback/plugin/provider.ts";
import { diffFields, keepComputed } from "../../toolchain/fallback/providers/docker/compare.ts";
import { dockerProvider } from "../../toolchain/fallback/providers/docker/index.ts";
import { serviceFields } from "../../toolchain/fallback/providers/docker/service/schema.ts";
import { ProviderUnderTest } from "./support/provider.ts";

const provider = new ProviderUnderTest();

describe("names", () => {
    it("are the logical name and seven hexadecimal digits of the engine's seed, kept while the resource lives", async () => {
        const service = provider.resource("Service");
        const inputs = { taskSpec: { containerSpec: { image: "a" } } };
        const first = await service.checked("web", inputs);
        expect(first.name).toMatch(/^web-[0-9a-f]{7}$/);
        expect(await service.checked("web", inputs)).toEqual(first);
        expect((await service.checked("web", inputs, first, "another")).name).toBe(first.name);
        expect((await service.checked("web", inputs, undefined, "another")).name).not.toBe(first.name);
        expect((await service.checked("web", { ...inputs, name: "mine" })).name).toBe("mine");
    });

    it.each(["Container", "Network", "Secret", "ServiceConfig", "Volume"])("are made for a %s too", async (kind) => {
        const { inputs } = await provider.resource(kind).check("thing", {});
        expect(inputs.name).toMatch(/^thing-[0-9a-f]{7}$/);
    });
});

describe("defaults", () => {
    it("are those of the official provider, in the objects that are there", async () => {
        const inputs = await provider.resource("Service").checked("web", {
            name: "web",
            taskSpec: {
                containerSpec: {
                    image: "a",
                    configs: [{ configId: "c", fileName: "/c" }],
                    secrets: [{ secretId: "s", fileName: "/s", fileMode: 256 }],
                },
            },
            updateConfig: { parallelism: 2 },
            convergeConfig: {},
            endpointSpec: { ports: [{ targetPort: 80 }] },
        });
        expect(inputs).toEqual({
            name: "web",
            taskSpec: {
                containerSpec: {
                    image: "a",
                    isolation: "default",
                    configs: [{ configId: "c", fileName: "/c", fileUid: "0", fileGid: "0", fileMode: 292 }],
                    secrets: [{ secretId: "s", fileName: "/s", fileUid: "0", fileGid: "0", fileMode: 256 }],
                },
            },
            updateConfig: {
                parallelism: 2,
                delay: "0s",
                failureAction: "pause",
                monitor: "5s",
                maxFailureRatio: "0.0",
                order: "stop-first",
            },
            convergeConfig: { delay: "7s", timeout: "3m" },
            endpointSpec: { ports: [{ targetPort: 80, protocol: "tcp", publishMode: "ingress" }] },
        });
    });

    it("let a policy see that a container's port is open to everyone", async () => {
        const inputs = await provider.resource("Container").checked("web", { image: "a", ports: [{ internal: 80 }] });
        expect(inputs.ports).toEqual([{ internal: 80, ip: "0.0.0.0", protocol: "tcp" }]);
        expect(inputs.networkMode).toBe("bridge");
    });
});

describe("mistakes", () => {
    it("are all reported at once, by their paths", async () => {
        const { failures } = await provider.resource("Service").check("web", {
            name: "web",
            taskSpec: {
                containerSpec: {
                    args: "-port",
                    mounts: [{ type: "nfs", target: "/data" }],
                    stopGracePeriod: "1 minute",
                    secrets: [{ secretId: "s" }],
                },
            },
            mode: { replicated: { replicas: -1 } },
            updateConfig: { maxFailureRatio: "a tenth" },
            ports: [],
        });
        expect(failures).toEqual([
            { property: "taskSpec.containerSpec.args", reason: "text stands where a list belongs" },
            { property: "taskSpec.containerSpec.mounts[0].type", reason: '"nfs" is none of bind, volume, tmpfs' },
            {
                property: "taskSpec.containerSpec.stopGracePeriod",
                reason: '"1 minute" is no duration; write 30s, 1m30s or 500ms',
            },
            { property: "taskSpec.containerSpec.secrets[0].fileName", reason: '"fileName" is missing' },
            { property: "taskSpec.containerSpec.image", reason: '"image" is missing' },
            { property: "mode.replicated.replicas", reason: "-1 is less than 0" },
            { property: "updateConfig.maxFailureRatio", reason: '"a tenth" is no number; write 0.25' },
            { property: "ports", reason: expect.stringContaining('"ports" is not offered by the fallback provider') },
        ]);
    });

    it("in a secret's data do not show it", async () => {
        const { failures } = await provider.resource("Secret").check("token", { data: "hunter2!" });
        expect(failures).toEqual([{ property: "data", reason: "the value is not base64; encode it first" }]);
    });

    it("of a config with two contents or none are told apart", async () => {
        const config = provider.resource("ServiceConfig");
        const reasons = async (inputs: PropertyMap) =>
            (await config.check("c", inputs)).failures?.map(({ reason }) => reason);
        expect(await reasons({})).toEqual([expect.stringContaining("neither is given")]);
        expect(await reasons({ data: "YQ==", dataRaw: "a" })).toEqual([expect.stringContaining("both are given")]);
        expect(await reasons({ dataRaw: "a" })).toEqual([]);
    });

    it("in the provider's own arguments say where the setting belongs", () => {
        const check = dockerProvider().checkConfig ?? (() => []);
        expect(check({ host: "unix:///var/run/docker.sock", version: "5.2.0" })).toEqual([]);
        expect(check({ host: UNKNOWN })).toEqual([]);
        expect(check({ host: "localhost:2375" })).toMatchObject([{ property: "host" }]);
        expect(check({ certPath: "/certs" })).toMatchObject([
            { property: "certPath", reason: expect.stringContaining("DOCKER_CERT_PATH") },
        ]);
    });

    it("leave values alone that are known only after the update", async () => {
        const inputs: PropertyMap = {
            taskSpec: { containerSpec: { image: UNKNOWN, secrets: UNKNOWN } },
            name: UNKNOWN,
        };
        expect((await provider.resource("Service").check("web", inputs)).failures).toEqual([]);
    });
});

/** The state of a service with something of everything. */
const state: PropertyMap = {
    name: "web",
    labels: [{ label: "a", value: "1" }],
    taskSpec: {
        containerSpec: {
            image: "web:1",
            args: ["run"],
            env: { A: "1" },
            labels: [],
            hosts: [{ ip: "192.0.2.1", host: "a" }],
            secrets: [{ secretId: "s", secretName: "s", fileName: "/s", fileUid: "0", fileGid: "0", fileMode: 292 }],
            configs: [],
            healthcheck: { tests: [], interval: "0s", timeout: "0s", startPeriod: "0s", retries: 0 },
            isolation: "default",
            stopGracePeriod: "1m30s",
        },
        networksAdvanceds: [
            { id: "n1", name: "", aliases: [], driverOpts: [] },
            { id: "n2", name: "", aliases: [], driverOpts: [] },
        ],
        placement: { constraints: [], maxReplicas: 0, platforms: [], prefs: [] },
        restartPolicy: { condition: "any", delay: "5s", maxAttempts: 0, window: "0s" },
    },
    mode: { global: false, replicated: { replicas: 2 } },
    endpointSpec: { mode: "dnsrr", ports: [] },
    updateConfig: {
        parallelism: 1,
        delay: "0s",
        failureAction: "pause",
        monitor: "5s",
        maxFailureRatio: "0.0",
        order: "stop-first",
    },
};

/** What a program wrote to get that state. */
const program = {
    name: "web",
    labels: [{ label: "a", value: "1" }],
    taskSpec: {
        containerSpec: {
            image: "web:1",
            args: ["run"],
            env: { A: "1" },
            hosts: [{ ip: "192.0.2.1", host: "a" }],
            secrets: [{ secretId: "s", secretName: "s", fileName: "/s", fileUid: "0", fileGid: "0", fileMode: 292 }],
            stopGracePeriod: "90s",
        },
        networksAdvanceds: [{ id: "n2" }, { id: "n1" }],
    },
    mode: { replicated: { replicas: 2 } },
    endpointSpec: { mode: "dnsrr" },
    updateConfig: { parallelism: 1 },
} satisfies PropertyMap;

it("keeps what the program leaves to the engine when something else changes", () => {
    const { mode: _, endpointSpec: __, ...rest } = program;
    const wanted = keepComputed(serviceFields, rest, state);
    expect(wanted).toMatchObject({ mode: { replicated: { replicas: 2 } }, endpointSpec: { mode: "dnsrr" } });
    expect(wanted.taskSpec).toMatchObject({
        restartPolicy: { delay: "5s" },
        containerSpec: { stopGracePeriod: "90s" },
    });
});

type Program = Record<string, unknown> & {
    taskSpec: Record<string, unknown> & { containerSpec: Record<string, unknown> };
};

function planned(edit: (program: Program) => void) {
    const inputs = structuredClone(program) as unknown as Program;
    edit(inputs);
    return diffFields(serviceFields, { oldOutputs: state, inputs: inputs as unknown as PropertyMap }).changes;
}

describe("a service's plan", () => {
    it("is empty where the program says the same in other words", () => {
        expect(planned(() => {})).toEqual({});
        expect(
            planned(({ taskSpec }) => Object.assign(taskSpec, { networksAdvanceds: [{ id: "n1" }, { id: "n2" }] })),
        ).toEqual({});
        expect(
            planned(({ taskSpec }) => Object.assign(taskSpec.containerSpec, { readOnly: false, labels: [] })),
        ).toEqual({});
    });

    it.each<[what: string, edit: (program: Program) => void, path: string]>([
        [
            "its image",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { image: "web:2" }),
            "taskSpec.containerSpec.image",
        ],
        [
            "its arguments",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { args: ["stop"] }),
            "taskSpec.containerSpec.args[0]",
        ],
        [
            "its environment",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { env: {} }),
            'taskSpec.containerSpec.env["A"]',
        ],
        [
            "its secrets",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { secrets: [] }),
            "taskSpec.containerSpec.secrets",
        ],
        [
            "its health check",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { healthcheck: { tests: ["NONE"] } }),
            "taskSpec.containerSpec.healthcheck.tests[0]",
        ],
        [
            "its placement",
            ({ taskSpec }) => Object.assign(taskSpec, { placement: { maxReplicas: 1 } }),
            "taskSpec.placement.maxReplicas",
        ],
        [
            "its replicas",
            (inputs) => Object.assign(inputs, { mode: { replicated: { replicas: 3 } } }),
            "mode.replicated.replicas",
        ],
        [
            "its endpoint mode",
            (inputs) => Object.assign(inputs, { endpointSpec: { mode: "vip" } }),
            "endpointSpec.mode",
        ],
        [
            "its update order",
            (inputs) => Object.assign(inputs, { updateConfig: { order: "start-first" } }),
            "updateConfig.order",
        ],
        ["its labels", (inputs) => Object.assign(inputs, { labels: [{ label: "a", value: "2" }] }), "labels"],
    ])("changes %s in place", (_, edit, path) => {
        expect(planned(edit)).toEqual({ [path]: { kind: expect.any(String), replaces: false } });
    });

    it.each<[what: string, edit: (program: Program) => void, path: string]>([
        [
            "its networks",
            ({ taskSpec }) => Object.assign(taskSpec, { networksAdvanceds: [{ id: "n1" }] }),
            "taskSpec.networksAdvanceds",
        ],
        [
            "a network by the deprecated name",
            ({ taskSpec }) => Object.assign(taskSpec, { networksAdvanceds: [{ name: "n1" }, { id: "n2" }] }),
            "taskSpec.networksAdvanceds",
        ],
        [
            "its container labels",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { labels: [{ label: "a", value: "1" }] }),
            "taskSpec.containerSpec.labels",
        ],
        [
            "its hosts",
            ({ taskSpec }) => Object.assign(taskSpec.containerSpec, { hosts: [] }),
            "taskSpec.containerSpec.hosts",
        ],
        ["its name", (inputs) => Object.assign(inputs, { name: "other" }), "name"],
        ["its credentials", (inputs) => Object.assign(inputs, { auth: { serverAddress: "r" } }), "auth.serverAddress"],
        ["the kind of its mode", (inputs) => Object.assign(inputs, { mode: { global: true } }), "mode.global"],
    ])("is a new service for %s", (_, edit, path) => {
        expect(planned(edit)).toEqual({ [path]: { kind: expect.any(String), replaces: true } });
    });

    it("takes a network that is not there yet for another one", () => {
        const replaced = { "taskSpec.networksAdvanceds": { kind: "update", replaces: true } };
        const networks = (networksAdvanceds: PropertyMap[]) =>
            planned(({ taskSpec }) => Object.assign(taskSpec, { networksAdvanceds }));
        expect(networks([{ id: UNKNOWN }])).toEqual(replaced);
        expect(networks([{ id: "n1", aliases: UNKNOWN }, { id: "n2" }])).toEqual(replaced);
    });
});
