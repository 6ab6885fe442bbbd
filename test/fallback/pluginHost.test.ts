/** What every fallback provider gets from the host: secrets, unknowns, defaults, errors. Spoken over gRPC, as by the engine. */
import { describe, expect, it } from "vitest";
import {
    type PropertyMap,
    type ResourceHandler,
    ResourceInitError,
    type ResourceProvider,
} from "../../toolchain/fallback/plugin/provider.ts";
import { FakeEngine, secret, UNKNOWN_OUTPUT } from "./support/engine.ts";

const TYPE = "test:index/thing:Thing";

function providerOf(handler: Partial<ResourceHandler>, extra: Partial<ResourceProvider> = {}): ResourceProvider {
    const thing: ResourceHandler = {
        create: async ({ inputs }) => ({ id: "1", outputs: inputs }),
        read: async ({ id, inputs, state }) => ({ id, inputs, outputs: state }),
        update: async ({ inputs }) => inputs,
        delete: async () => undefined,
        ...handler,
    };
    return { name: "test", version: "1.0.0", resources: { [TYPE]: thing }, ...extra };
}

describe("secrets", () => {
    it("reach the handler in the open", async () => {
        let seen: PropertyMap = {};
        const provider = providerOf({
            create: async ({ inputs }) => {
                seen = inputs;
                return { id: "1", outputs: {} };
            },
        });
        await using engine = await FakeEngine.start(provider);
        await engine.create(TYPE, "a", { password: secret("hunter2"), nested: { key: secret("k") } });
        expect(seen).toEqual({ password: "hunter2", nested: { key: "k" } });
    });

    it("are sealed in the outputs under the names they had in the inputs, a list as a whole", async () => {
        await using engine = await FakeEngine.start(providerOf({}));
        const { outputs } = await engine.create(TYPE, "a", {
            open: "o",
            password: secret("hunter2"),
            nested: { key: secret("k"), open: "o" },
            list: ["x", secret("y")],
        });
        expect(outputs).toEqual({
            open: "o",
            password: secret("hunter2"),
            nested: { key: secret("k"), open: "o" },
            list: secret(["x", "y"]),
        });
    });

    it("are sealed in inputs and outputs where the schema says so, also after an update and a refresh", async () => {
        const handler = { secrets: ["token", "config.key"] };
        await using engine = await FakeEngine.start(providerOf(handler));
        const sealed = { token: secret("t"), config: { key: secret("k"), id: "i" } };
        const state = await engine.create(TYPE, "a", { token: "t", config: { key: "k", id: "i" } });
        expect(state.inputs).toEqual(sealed);
        expect(state.outputs).toEqual(sealed);
        expect((await engine.update(state, { token: "t2" })).outputs).toEqual({ token: secret("t2") });
        expect((await engine.refresh(state))?.outputs).toEqual(sealed);
    });

    it("stay sealed in what is kept of a resource that failed half-way", async () => {
        const provider = providerOf({
            secrets: ["token"],
            create: async ({ inputs }) => {
                throw new ResourceInitError("1", { ...inputs, token: "t0p" }, inputs, ["it does not converge"]);
            },
        });
        await using engine = await FakeEngine.start(provider);
        const error = await engine.create(TYPE, "a", { password: secret("hunter2") }).catch((cause) => cause);
        expect(error.message).toBe("it does not converge");
        const { id, reasons, outputs } = FakeEngine.initFailure(error);
        expect({ id, reasons }).toEqual({ id: "1", reasons: ["it does not converge"] });
        expect(outputs).toEqual({ password: secret("hunter2"), token: secret("t0p") });
    });
});

describe("a preview", () => {
    it("shows what is computed as unknown on create, and passes unknown inputs on", async () => {
        await using engine = await FakeEngine.start(providerOf({ computed: ["arn"] }));
        expect(await engine.preview(TYPE, "a", { name: "n", parent: UNKNOWN_OUTPUT })).toEqual({
            name: "n",
            parent: UNKNOWN_OUTPUT,
            arn: UNKNOWN_OUTPUT,
        });
    });

    it("shows a replacement where an unknown may replace", async () => {
        await using engine = await FakeEngine.start(providerOf({ replaceOnChange: ["network.id"] }));
        const state = await engine.create(TYPE, "a", { network: { id: "n1", label: "l" } });
        expect(await engine.diff(state, { network: UNKNOWN_OUTPUT })).toMatchObject({ replaces: ["network"] });
        expect(await engine.diff(state, { network: { id: "n1", label: "m" } })).toMatchObject({ replaces: [] });
    });
});

describe("mistakes", () => {
    it("in inputs are reported all at once, with their paths", async () => {
        const failures = [
            { property: "a", reason: "is too small" },
            { property: "b[0]", reason: "is not a name" },
        ];
        await using engine = await FakeEngine.start(providerOf({ check: ({ inputs }) => ({ inputs, failures }) }));
        await expect(engine.create(TYPE, "a", {})).rejects.toThrow("a: is too small\nb[0]: is not a name");
    });

    it("of a handler carry its own words", async () => {
        const provider = providerOf({ delete: async () => Promise.reject(new Error("it is in use")) });
        await using engine = await FakeEngine.start(provider);
        const state = await engine.create(TYPE, "a", {});
        await expect(engine.delete(state)).rejects.toThrow(/^it is in use$/);
    });

    it("name a resource type that the fallback does not have", async () => {
        await using engine = await FakeEngine.start(providerOf({}));
        await expect(engine.create("test:index/other:Other", "a", {})).rejects.toThrow(
            "the fallback provider 'test' does not know the resource type 'test:index/other:Other'",
        );
    });
});

it("tells the engine that a resource is gone", async () => {
    await using engine = await FakeEngine.start(providerOf({ read: async () => undefined }));
    expect(await engine.refresh(await engine.create(TYPE, "a", {}))).toBeUndefined();
});

it("configures the provider with opened secrets before anything else", async () => {
    let config: PropertyMap | undefined;
    const provider = providerOf(
        {},
        {
            configure: (given) => {
                config = given;
            },
        },
    );
    await using _engine = await FakeEngine.start(provider, { apiToken: secret("t") });
    expect(config).toEqual({ apiToken: "t" });
});
