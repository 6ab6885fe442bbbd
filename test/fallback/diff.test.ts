/** The comparison of inputs that decides what changes in place and what is replaced. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffInputs, isSame } from "../../toolchain/fallback/plugin/diff.ts";
import { type PropertyMap, UNKNOWN, type Value } from "../../toolchain/fallback/plugin/provider.ts";

function changes(oldInputs: PropertyMap, inputs: PropertyMap, replaceOnChange: readonly string[] = []) {
    const { changes } = diffInputs(replaceOnChange, { oldInputs, inputs });
    return Object.fromEntries(
        Object.entries(changes).map(([path, { kind, replaces }]) => [path, replaces ? `${kind} replaces` : kind]),
    );
}

describe("what has changed", () => {
    it("is told by paths that the engine can follow", () => {
        expect(
            changes({ a: [{ b: 1 }], c: { "d.e": 1 } }, { a: [{ b: 2 }, { b: 3 }], c: { "d.e": 2 }, f: true }),
        ).toEqual({
            "a[0].b": "update",
            "a[1].b": "add",
            'c["d.e"]': "update",
            f: "add",
        });
    });

    it.each<[string, PropertyMap, PropertyMap]>([
        ["a null and nothing", { a: null }, {}],
        ["the order of keys", { a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }],
        ["Pulumi's own members", { __defaults: ["name"], a: { __defaults: [] } }, { a: {} }],
    ])("is not %s", (_, before, after) => {
        expect(changes(before, after)).toEqual({});
    });

    it("counts an empty list beside nothing", () => {
        expect(changes({}, { a: [] })).toEqual({ a: "add" });
    });

    it("counts an unknown beside a known value", () => {
        expect(changes({ a: 1 }, { a: UNKNOWN })).toEqual({ a: "update" });
    });
});

describe("what replaces", () => {
    it("is a change at or below a named path, in lists too", () => {
        const before = { spec: { networks: [{ id: "1" }], image: "a" } };
        const after = { spec: { networks: [{ id: "2" }], image: "b" } };
        expect(changes(before, after, ["spec.networks"])).toEqual({
            "spec.networks[0].id": "update replaces",
            "spec.image": "update",
        });
    });

    it("does not reach a neighbour whose name begins alike", () => {
        expect(changes({ name: "a", names: 1 }, { name: "a", names: 2 }, ["name"])).toEqual({ names: "update" });
    });

    it("is seen inside an object that appears whole", () => {
        expect(changes({}, { spec: { hosts: ["h"], image: "a" } }, ["spec.hosts"])).toEqual({
            "spec.hosts[0]": "add replaces",
            "spec.image": "add",
        });
    });

    it("is everything with a star", () => {
        expect(changes({ a: 1 }, { a: 2 }, ["*"])).toEqual({ a: "update replaces" });
    });
});

it("finds nothing between a value and its copy, and something as soon as a leaf differs", () => {
    const json = fc.jsonValue() as fc.Arbitrary<Value>;
    fc.assert(
        fc.property(json, (value) => {
            expect(isSame(value, structuredClone(value))).toBe(true);
            expect(isSame({ deep: [value, "x"] }, { deep: [value, "y"] })).toBe(false);
        }),
    );
});
