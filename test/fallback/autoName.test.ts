/** Names that the provider makes where the program gives none. */
import { expect, it } from "vitest";
import { autoName } from "../../toolchain/fallback/plugin/autoName.ts";
import type { CheckRequest } from "../../toolchain/fallback/plugin/provider.ts";

function request(changes: Partial<CheckRequest> = {}): CheckRequest {
    return {
        urn: "urn:pulumi:dev::p::docker:index/network:Network::edge",
        name: "edge",
        type: "docker:index/network:Network",
        inputs: {},
        oldInputs: undefined,
        randomSeed: Buffer.from("seed"),
        ...changes,
    };
}

it("appends seven hex digits to the logical name, the same ones in preview and update", () => {
    const { name } = autoName(request());
    expect(name).toMatch(/^edge-[0-9a-f]{7}$/);
    expect(autoName(request())).toEqual({ name, __defaults: ["name"] });
    expect(autoName(request({ randomSeed: Buffer.from("other") })).name).not.toBe(name);
});

it("keeps the name that it made before", () => {
    const oldInputs = { name: "edge-1234567", __defaults: ["name"] };
    expect(autoName(request({ oldInputs })).name).toBe("edge-1234567");
});

it("takes the program's name as it is", () => {
    expect(autoName(request({ inputs: { name: "fixed" } }))).toEqual({ name: "fixed" });
});

it("makes a new name where the program has dropped its own", () => {
    expect(autoName(request({ oldInputs: { name: "fixed" } })).name).toMatch(/^edge-[0-9a-f]{7}$/);
});

it("follows the project's autonaming configuration", () => {
    const propose = { proposedName: "p-edge", mode: "propose" } as const;
    expect(autoName(request({ autonaming: propose })).name).toBe("p-edge");
    expect(autoName(request({ autonaming: { ...propose, mode: "disable" } }))).toEqual({});
});
