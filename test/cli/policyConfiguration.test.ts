import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { policyConfigurationOf } from "../../cli/engine/policyConfiguration.ts";

/** What the file of a stack is read as, or what is wrong with it. */
function read(text: string): unknown {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-policy-configuration-"));
    try {
        writeFileSync(join(folder, "policy.staging.json"), text);
        return policyConfigurationOf(folder, "staging");
    } catch (error) {
        return (error as Error).message.split("\n");
    } finally {
        rmSync(folder, { recursive: true });
    }
}

describe("what a stack says to the policy pack", () => {
    it("stands beside its stack file, and is nothing where there is no such file", () => {
        const configuration = {
            all: "mandatory",
            "image-has-digest": { enforcementLevel: "advisory", stacks: ["staging"] },
        };
        expect(read(JSON.stringify(configuration))).toEqual(configuration);
        expect(policyConfigurationOf(tmpdir(), "no-such-stack")).toEqual({});
    });

    it("is refused with every mistake at once, by its path", () => {
        const configuration = {
            "image-has-digests": "advisory",
            "no-privileged-container": "remediate",
            "image-has-digest": { stacks: "prod", level: "advisory" },
            "no-bypass-in-access-policy": { waivers: [{ resource: "web", reason: "soon", until: "next year" }] },
        };
        expect(read(JSON.stringify(configuration))).toEqual([
            "policy.staging.json has 5 mistakes:",
            "  image-has-digests: is no rule. Write one of docs/policy-rules.md.",
            "  no-privileged-container: is none of advisory, mandatory, disabled. Write one of them.",
            "  image-has-digest.level: means nothing here. Correct its spelling or remove it.",
            "  image-has-digest.stacks: must be array. Correct it by policy/configuration.schema.json.",
            '  no-bypass-in-access-policy.waivers[0].until: must match format "date". Correct it by policy/configuration.schema.json.',
        ]);
    });

    it.each([
        ["{", "is not JSON"],
        ['["all"]', "must be object"],
    ])("is refused where it is %s", (text, problem) => {
        expect(String(read(text))).toContain(problem);
    });
});
