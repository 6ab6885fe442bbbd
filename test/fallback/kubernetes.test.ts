import { describe, expect, it, vi } from "vitest";
import type { PropertyMap, ResourceHandler } from "../../toolchain/fallback/plugin/provider.ts";
import { kubernetesProvider } from "../../toolchain/fallback/providers/kubernetes/index.ts";
import { pictureOf } from "../../toolchain/fallback/providers/kubernetes/picture.ts";
import { rolloutProblem } from "../../toolchain/fallback/providers/kubernetes/rollout.ts";

const at = { urn: "urn:pulumi:dev::shop::kubernetes:core/v1:Secret::credentials", name: "credentials" };

function handlerOf(token: string): ResourceHandler {
    const handler = kubernetesProvider().resources[token];
    if (handler === undefined) throw new Error(`There is no ${token}.`);
    return handler;
}

async function checked(token: string, metadata: PropertyMap) {
    const request = { ...at, type: token, oldInputs: undefined, inputs: { metadata }, randomSeed: new Uint8Array(8) };
    return (await handlerOf(token).check?.(request))?.inputs.metadata;
}

async function changesOf(token: string, oldInputs: PropertyMap, inputs: PropertyMap) {
    const result = await handlerOf(token).diff?.({ ...at, type: token, id: "", oldInputs, oldOutputs: {}, inputs });
    const replaced = Object.entries(result?.changes ?? {}).flatMap(([path, { replaces }]) => (replaces ? [path] : []));
    return { replaced, deletesFirst: result?.deleteBeforeReplace };
}

describe("the fallback provider of Kubernetes", () => {
    it("names what the program leaves without a name, and places what lies in a namespace", async () => {
        expect(await checked("kubernetes:core/v1:Secret", {})).toMatchObject({
            name: expect.stringMatching(/^credentials-[0-9a-f]{7}$/),
            namespace: "default",
        });
        expect(await checked("kubernetes:core/v1:Namespace", { name: "sallyport" })).toEqual({ name: "sallyport" });
    });

    it("makes anew what the API does not change, before the old one goes where the name is another", async () => {
        const secret = "kubernetes:core/v1:Secret";
        const named = (name: string, data: string) => ({ immutable: true, metadata: { name }, data: { file: data } });
        expect(await changesOf(secret, named("a", "1"), named("b", "2"))).toEqual({
            replaced: ["metadata.name", "data.file"],
            deletesFirst: false,
        });
        expect(await changesOf(secret, named("a", "1"), named("a", "2"))).toEqual({
            replaced: ["data.file"],
            deletesFirst: true,
        });
        const binding = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
        const bound = (role: string) => ({ metadata: { name: "view" }, roleRef: { name: role } });
        expect((await changesOf(binding, bound("view"), bound("edit"))).replaced).toEqual(["roleRef.name"]);
    });

    it("keeps a Secret's content secret", () => {
        expect(handlerOf("kubernetes:core/v1:Secret").secrets).toEqual(["data", "stringData"]);
        expect(kubernetesProvider().secretConfig).toEqual(["kubeconfig"]);
    });

    it("refuses arguments of the official provider that it does not know", () => {
        expect(kubernetesProvider().checkConfig?.({ context: "eu", enableServerSideApply: true })).toEqual([
            expect.objectContaining({ property: "enableServerSideApply" }),
        ]);
    });

    it("contacts nothing where nothing may be contacted", async () => {
        vi.stubEnv("SALLYPORT_OFFLINE", "1");
        const type = "kubernetes:core/v1:Secret";
        const read = handlerOf(type).read({ ...at, type, id: "default/credentials", inputs: {}, state: {} });
        await expect(read).rejects.toThrow("SALLYPORT_OFFLINE is 1");
    });
});

describe("what a refresh sees", () => {
    it("is what the program speaks of, without what the API server filled in", () => {
        const model = { spec: { ports: [{ port: 53 }], empty: [] }, metadata: { name: "a", __defaults: ["name"] } };
        const live = { spec: { ports: [{ port: 53, protocol: "TCP" }], type: "X" }, metadata: { name: "a", uid: "u" } };
        expect(pictureOf(live, model)).toEqual(model);
    });

    it("is what somebody changed, added or took away", () => {
        const model = { replicas: 2, list: ["a", "b"], labels: { x: "1", y: "2" } };
        expect(pictureOf({ replicas: 3, list: ["a"], labels: { x: "1" } }, model)).toEqual({
            replicas: 3,
            list: ["a"],
            labels: { x: "1" },
        });
        expect(pictureOf({ list: ["a", "b", "c"] }, { list: ["a", "b"] })).toEqual({ list: ["a", "b", "c"] });
    });
});

describe("a Deployment", () => {
    const live = (status: object, annotations: Record<string, string> = {}) =>
        rolloutProblem({
            metadata: { name: "web", generation: 2, annotations },
            spec: { replicas: 2 },
            status,
        } as never);

    it("is waited for until as many replicas of its newest form are available as it asks for", () => {
        expect(live({ observedGeneration: 1, updatedReplicas: 2, availableReplicas: 2 })).toMatch(/not taken note of/);
        expect(live({ observedGeneration: 2, updatedReplicas: 1, availableReplicas: 2 })).toMatch(/1 of 2/);
        expect(live({ observedGeneration: 2, updatedReplicas: 2, availableReplicas: 1 })).toMatch(/1 of 2/);
        expect(live({ observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 })).toBeUndefined();
    });

    it("is not waited for where the program says so", () => {
        expect(live({}, { "pulumi.com/skipAwait": "true" })).toBeUndefined();
    });
});
