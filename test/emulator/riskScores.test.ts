import { describe, expect, it } from "vitest";
import { control } from "../private/support/entryUnderTest.ts";
import { startEmulator } from "./support.ts";

describe("how risky people are", () => {
    it("is kept by their address, whatever its case, until it is taken back", async () => {
        await using emulator = await startEmulator();
        const ann = { id: "ann@example.com", riskScore: "low" };
        const told = await control(emulator, "PUT", "/risk-scores/Ann@Example.com", { riskScore: "low" });
        expect([told.status, told.result]).toEqual([200, ann]);
        expect((await control(emulator, "GET", "/risk-scores")).result).toEqual([ann]);
        expect(emulator.access.riskScore("ANN@example.com")).toBe("low");
        await control(emulator, "DELETE", "/risk-scores/ann@EXAMPLE.com");
        expect(emulator.access.riskScore("ann@example.com")).toBeUndefined();
    });

    it.each([
        ["ann", { riskScore: "low" }, "is not an e-mail address"],
        ["ann@example.com", { riskScore: "immense" }, "riskScore: is not low, medium, high or unscored"],
        ["ann@example.com", { riskScore: "low", posture: [] }, "posture: is not a property"],
    ])("is refused where it cannot be: %s %j", async (email, body, why) => {
        await using emulator = await startEmulator();
        const { status, errors } = await control(emulator, "PUT", `/risk-scores/${email}`, body);
        expect([status, errors[0]?.message]).toEqual([400, expect.stringContaining(why)]);
        expect(emulator.riskScores.all()).toEqual([]);
    });

    it("is part of a snapshot, and gone after a reset", async () => {
        await using emulator = await startEmulator();
        const ann = emulator.riskScores.put("ann@example.com", { riskScore: "high" });
        const snapshot = emulator.snapshot();
        emulator.reset();
        expect(emulator.riskScores.all()).toEqual([]);
        emulator.restore(snapshot);
        expect(emulator.riskScores.all()).toEqual([ann]);
    });
});
