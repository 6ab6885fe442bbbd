import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { projectDir } from "../../cli/project.ts";
import { ensureTool, silentProgress } from "../../toolchain/index.ts";
import { expressions, rules } from "../observability/expressions.ts";

const FOLDER = join(projectDir, "examples", "observability");

describe("Prometheus's own promtool", () => {
    let promtool: (...args: string[]) => Promise<string>;
    beforeAll(async () => {
        const { path } = await ensureTool("promtool", { progress: silentProgress });
        promtool = async (...args) => (await execa(path, args, { cwd: FOLDER, all: true })).all;
    });

    it("reads what is scraped and the alert rules, with nothing to remark on", async () => {
        const said = await promtool("check", "config", "--lint=all", "--lint-fatal", "prometheus.yml");
        expect(said).toContain(`SUCCESS: ${rules().length} rules found`);
        expect(said).toContain("prometheus.yml is valid");
    });

    it("sees every alert fire when it should, and stay silent when it should not", async () => {
        expect(await promtool("test", "rules", "rules_test.yml")).toContain("SUCCESS");
    });

    it("reads every expression of the dashboard", async () => {
        const all = expressions();
        const read = await Promise.all(
            all.map((expression) => promtool("--experimental", "promql", "format", expression)),
        );
        expect(read).toHaveLength(all.length);
    });
});
