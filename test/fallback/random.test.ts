/** The fallback random provider keeps what the official one keeps, and draws what was asked for. */
import { describe, expect, it } from "vitest";
import { provider } from "../../toolchain/fallback/providers/random/index.ts";
import { FakeEngine, isSecret, opened } from "./support/engine.ts";
import { isRecordedSecret, recordedState, shapeOf } from "./support/recordedState.ts";

const type = (name: string) => `random:index/random${name}:Random${name}`;

describe("the state has the official provider's outputs and secrets", () => {
    it.each(["int", "uuid", "pet", "sh", "bytes", "id", "str"])("for '%s'", async (name) => {
        await using engine = await FakeEngine.start(provider);
        const recorded = recordedState(name);
        const { outputs } = await engine.create(recorded.type, name, recorded.inputs ?? {});
        expect(shapeOf(outputs, isSecret)).toEqual(shapeOf(recorded.outputs, isRecordedSecret));
    });

    it("for a password, but for its bcrypt hash", async () => {
        await using engine = await FakeEngine.start(provider);
        const recorded = recordedState("pw");
        const { bcryptHash: _, ...expected } = recorded.outputs;
        const { id, outputs } = await engine.create(recorded.type, "pw", recorded.inputs ?? {});
        expect(shapeOf(outputs, isSecret)).toEqual(shapeOf(expected, isRecordedSecret));
        expect(id).toBe("none");
    });
});

describe("a password", () => {
    it("has the length, the classes and the least numbers that were asked for", async () => {
        await using engine = await FakeEngine.start(provider);
        const inputs = { length: 8, minNumeric: 3, minUpper: 3, lower: false, overrideSpecial: "-_", minSpecial: 2 };
        for (const attempt of Array.from({ length: 20 }).keys()) {
            const { outputs } = await engine.create(type("Password"), `p${attempt}`, inputs);
            const result = String(opened(outputs.result));
            expect(result).toMatch(/^[-_0-9A-Z]{8}$/);
            expect(result.match(/[0-9]/g)).toHaveLength(3);
            expect(result.match(/[A-Z]/g)).toHaveLength(3);
        }
    });

    it("is never drawn twice", async () => {
        await using engine = await FakeEngine.start(provider);
        const [one, two] = [
            await engine.create(type("Password"), "a", { length: 24 }),
            await engine.create(type("Password"), "b", { length: 24 }),
        ];
        expect(one.outputs.result).not.toEqual(two.outputs.result);
    });

    it("that cannot be made is refused before it is", async () => {
        await using engine = await FakeEngine.start(provider);
        const nothing = { special: false, numeric: false, lower: false, upper: false };
        await expect(engine.create(type("Password"), "p", { length: 1, minUpper: 2, ...nothing })).rejects.toThrow(
            "length: '1' is less than minUpper, minLower, minNumeric and minSpecial together (2)\n" +
                "special: no class of characters is left; allow one of them",
        );
    });
});

it("draws every encoding of an id from the same bytes", async () => {
    await using engine = await FakeEngine.start(provider);
    const { id, outputs } = await engine.create(type("Id"), "id", { byteLength: 8, prefix: "t-" });
    const bytes = Buffer.from(id, "base64url");
    expect(outputs).toMatchObject({
        b64Url: `t-${id}`,
        b64Std: `t-${bytes.toString("base64")}`,
        hex: `t-${bytes.toString("hex")}`,
        dec: `t-${bytes.readBigUInt64BE()}`,
    });
});

it("draws an integer within its bounds, both included, and the same one from the same seed", async () => {
    await using engine = await FakeEngine.start(provider);
    const drawn = new Set<unknown>();
    for (const attempt of Array.from({ length: 100 }).keys()) {
        drawn.add((await engine.create(type("Integer"), `i${attempt}`, { min: 1, max: 3 })).outputs.result);
    }
    expect([...drawn].sort()).toEqual([1, 2, 3]);
    const seeded = { min: 1, max: 1_000_000, seed: "s" };
    const [one, two] = [
        await engine.create(type("Integer"), "a", seeded),
        await engine.create(type("Integer"), "b", seeded),
    ];
    expect(one.outputs.result).toBe(two.outputs.result);
});

it("shuffles without losing anything, and repeats where more is asked for than there is", async () => {
    await using engine = await FakeEngine.start(provider);
    const inputs = ["a", "b", "c"];
    const { outputs } = await engine.create(type("Shuffle"), "s", { inputs, resultCount: 6 });
    expect([...(outputs.results as string[])].sort()).toEqual(["a", "a", "b", "b", "c", "c"]);
});

it("draws anew when the keepers change, and not before", async () => {
    await using engine = await FakeEngine.start(provider);
    const state = await engine.create(type("Bytes"), "b", { length: 32, keepers: { version: "1" } });
    expect(await engine.diff(state, { length: 32, keepers: { version: "1" } })).toMatchObject({ changed: false });
    expect(await engine.diff(state, { length: 32, keepers: { version: "2" } })).toMatchObject({
        replaces: ["keepers"],
    });
});

describe("an import", () => {
    it.each<[string, string, Record<string, unknown>]>([
        ["Uuid", "7e652bda-377b-7087-a642-b376466b30f3", {}],
        ["String", "abcdef", { length: 6 }],
        ["Id", "t-,q-ueoE_Ei8Q", { byteLength: 8, prefix: "t-" }],
        ["Integer", "8,1,9", { min: 1, max: 9 }],
    ])("of Random%s from '%s' gives the inputs of a program that makes it", async (name, id, inputs) => {
        await using engine = await FakeEngine.start(provider);
        const imported = await engine.import(type(name), "i", id);
        expect(imported?.inputs).toMatchObject(inputs);
        expect(imported?.outputs.result ?? imported?.outputs.hex).toBeDefined();
    });

    it("of a pet is refused: its words cannot be told from its name", async () => {
        await using engine = await FakeEngine.start(provider);
        await expect(engine.import(type("Pet"), "i", "fair-otter")).rejects.toThrow(
            "'random:index/randomPet:RandomPet' cannot be imported from the id 'fair-otter'",
        );
    });
});
