import type { StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import { describe, expect, it } from "vitest";
import { apiDifferences, programDifferences } from "../../cli/drift/engineDifferences.ts";
import { newRecord, readEvent } from "../../cli/engine/events.ts";
import { silentProgress } from "../../toolchain/index.ts";

const APPLICATION = "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication";

/** A step as the engine tells it, of the application `wiki` unless something else is said. */
function step(op: string, more: object = {}): StepEventMetadata {
    const urn = `urn:pulumi:staging::sallyport::${APPLICATION}::wiki`;
    return { op, urn, type: APPLICATION, provider: "", ...more } as StepEventMetadata;
}

const state = (inputs: object, outputs: object = inputs) => ({ id: "app-1", inputs, outputs });
const changed = { diffKind: "update", inputDiff: true };

describe("what the files declare beside what was deployed", () => {
    it("is told by what an update would do, a replacement once, and with what is declared as it should be", () => {
        const steps = [
            step("same"),
            step("create"),
            step("update", {
                old: state({ sessionDuration: "8h" }),
                new: state({ sessionDuration: "24h" }),
                detailedDiff: { sessionDuration: changed },
            }),
            step("create-replacement"),
            step("replace"),
            step("delete-replaced"),
            step("delete", { old: state({}) }),
        ];
        expect(programDifferences({ steps })).toMatchObject([
            { source: "program", subject: "wiki", type: APPLICATION, what: "would be created", values: [] },
            {
                what: "would be updated",
                values: [{ path: "sessionDuration", expected: "24h", found: "8h" }],
            },
            { what: "would be replaced" },
            { what: "would be deleted", id: "app-1" },
        ]);
    });
});

describe("what was deployed beside what is there", () => {
    it("is told by what a refresh found, with what was deployed as it should be", () => {
        const results = [
            step("same"),
            step("refresh"),
            step("delete", { old: state({}) }),
            step("update", {
                old: state({ policies: [{ id: "a" }], "a.b": { c: 1 } }),
                new: state({ policies: [{ id: "b" }, { id: "c" }] }),
                detailedDiff: {
                    "policies[1]": { diffKind: "add", inputDiff: true },
                    "policies[0].id": changed,
                    '["a.b"].c': { diffKind: "delete", inputDiff: true },
                },
            }),
        ];
        expect(apiDifferences({ results })).toMatchObject([
            { source: "api", subject: "wiki", what: "is gone", id: "app-1" },
            {
                what: "differs",
                id: "app-1",
                values: [
                    { path: '["a.b"].c', expected: 1 },
                    { path: "policies[0].id", expected: "a", found: "b" },
                    { path: "policies[1]", found: { id: "c" } },
                ],
            },
        ]);
    });

    it("reads what the provider alone knows from its own answers", () => {
        const results = [
            step("update", {
                old: state({}, { version: 1 }),
                new: state({}, { version: 2 }),
                detailedDiff: { version: { diffKind: "update", inputDiff: false } },
            }),
        ];
        expect(apiDifferences({ results })[0]?.values).toEqual([{ path: "version", expected: 1, found: 2 }]);
    });

    it("comes from what the engine tells at the end of each step, not at its beginning", () => {
        const record = newRecord();
        readEvent(
            record,
            { sequence: 1, timestamp: 1, resourcePreEvent: { metadata: step("refresh") } },
            silentProgress,
        );
        readEvent(record, { sequence: 2, timestamp: 1, resOutputsEvent: { metadata: step("delete") } }, silentProgress);
        expect(apiDifferences(record)).toMatchObject([{ what: "is gone" }]);
        expect(programDifferences(record)).toEqual([]);
    });
});
