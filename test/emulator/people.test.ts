import { describe, expect, it } from "vitest";
import { accountId, call, startEmulator } from "./support.ts";

/** An emulator with one posture rule, and a way to its own interface. */
async function setUp() {
    const emulator = await startEmulator();
    const rule = { name: "Disk", type: "disk_encryption" };
    const { result } = await call(emulator, "POST", `/accounts/${accountId}/devices/posture`, rule);
    const own = async (method: string, path: string, body?: unknown) => {
        const response = await fetch(new URL(`/emulator/people${path}`, emulator.apiBaseUrl), {
            method,
            headers: { authorization: `Bearer ${emulator.apiToken}` },
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const { result, errors } = (await response.json()) as { result: unknown; errors: { message: string }[] };
        return { status: response.status, result, messages: errors.map(({ message }) => message) };
    };
    return { emulator, own, disk: String(result.id), [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose]() };
}

describe("what the emulator is told of people", () => {
    it("is kept by their address, whatever its case, until it is taken back", async () => {
        await using setup = await setUp();
        const { emulator, own, disk } = setup;
        const ann = { id: "ann@example.com", devicePosture: [disk], riskScore: "low" };
        const told = await own("PUT", "/Ann@Example.com", { devicePosture: [disk], riskScore: "low" });
        expect([told.status, told.result]).toEqual([200, ann]);
        expect((await own("GET", "")).result).toEqual([ann]);
        expect(emulator.access.person("ANN@example.com")).toEqual(ann);
        await own("DELETE", "/ann@EXAMPLE.com");
        expect(emulator.access.person("ann@example.com")).toBeUndefined();
    });

    it("replaces what was known before", async () => {
        await using setup = await setUp();
        const { emulator, disk } = setup;
        emulator.people.put("ann@example.com", { devicePosture: [disk], riskScore: "high" });
        emulator.people.put("ann@example.com", {});
        expect(emulator.people.all()).toEqual([{ id: "ann@example.com", devicePosture: [] }]);
    });

    it.each([
        ["/ann", {}, "is not an e-mail address"],
        ["/ann@example.com", { devicePosture: ["gone"] }, "there is no posture rule gone"],
        ["/ann@example.com", { riskScore: "immense" }, "riskScore: "],
        ["/ann@example.com", { posture: [] }, "posture: is not a property"],
    ])("is refused where it cannot be: %s %j", async (path, facts, why) => {
        await using setup = await setUp();
        const { status, messages } = await setup.own("PUT", path, facts);
        expect([status, messages]).toEqual([400, [expect.stringContaining(why)]]);
        expect(setup.emulator.people.all()).toEqual([]);
    });

    it("is part of a snapshot, and gone after a reset", async () => {
        await using setup = await setUp();
        const { emulator, disk } = setup;
        const ann = emulator.people.put("ann@example.com", { devicePosture: [disk] });
        const snapshot = emulator.snapshot();
        emulator.reset();
        expect(emulator.people.all()).toEqual([]);
        emulator.restore(snapshot);
        expect(emulator.people.all()).toEqual([ann]);
    });
});
