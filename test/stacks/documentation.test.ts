import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectDir } from "../../cli/project.ts";
import { parseEnvironment } from "../../stacks/config/parse.ts";

/** The stack-file keys of each YAML block in a page. */
function examplesOf(page: string): Record<string, unknown>[] {
    const text = readFileSync(join(projectDir, "docs", page), "utf8");
    return [...text.matchAll(/```yaml\n(.*?)```/gs)]
        .map(([, block = ""]) => parse(block) as Record<string, unknown>)
        .filter((keys) => Object.keys(keys).some((key) => key.startsWith("sallyport:")))
        .map((keys) =>
            Object.fromEntries(Object.entries(keys).map(([key, value]) => [key.slice("sallyport:".length), value])),
        );
}

describe.each([
    "identity.md",
    "interconnect.md",
    "kube-discovery.md",
    "kubernetes.md",
    "private-networks.md",
    "swarm.md",
])("the stack files in docs/%s", (page) => {
    it.each(examplesOf(page).map((values, index) => ({ index, values })))(
        "are right as they stand: example $index",
        ({ values }) => {
            const common = { accountId: "a".repeat(32), zone: "example.com", team: "example", audiences: {} };
            const raw = { stack: "staging", file: `docs/${page}`, projectDir };
            expect(() => parseEnvironment({ ...raw, values: { ...common, ...values } })).not.toThrow();
        },
    );

    it("are several", () => {
        expect(examplesOf(page).length).toBeGreaterThan(1);
    });
});
