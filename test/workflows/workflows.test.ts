import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectDir } from "../../cli/project.ts";
import { refusal } from "../support/commandLine.ts";

interface Workflow {
    on: unknown;
    permissions?: Record<string, string>;
    jobs: Record<string, { permissions?: Record<string, string>; steps?: { uses?: string; run?: string }[] }>;
}

const folder = join(projectDir, ".github", "workflows");
const texts = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "utf8")] as const);
const workflows = texts.map(([file, text]) => [file, parse(text) as Workflow, text] as const);
const gitlab = readFileSync(join(projectDir, "examples", "gitlab", ".gitlab-ci.yml"), "utf8");

/** Lines of scripts that call `sallyport`, with what follows it up to where the shell takes over. */
function calls(text: string): string[][] {
    return [...text.matchAll(/npx sallyport ([^|>\n]+)/g)].map(([, line = ""]) =>
        line
            .trim()
            .split(/\s+/)
            .map((word) => word.replaceAll('"', "").replace(/^\$.*/, "value")),
    );
}

describe.each(workflows)("the workflow %s", (_, workflow, text) => {
    const events = Object.keys(typeof workflow.on === "string" ? { [workflow.on]: null } : (workflow.on as object));
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);

    it("pins every action by a commit and says its version", () => {
        const used = [...text.matchAll(/uses: (\S+)(.*)$/gm)].filter(([, action = ""]) => !action.startsWith("./"));
        for (const [line, action = "", comment = ""] of used) {
            expect(action, line).toMatch(/^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
            expect(comment, line).toMatch(/^ # v\d+\.\d+\.\d+$/);
        }
    });

    it("grants no more than reading, unless a job says what for", () => {
        expect([{}, { contents: "read" }]).toContainEqual(workflow.permissions);
    });

    it("shows no secret to code of a pull request", () => {
        expect(events).not.toContain("pull_request_target");
        const runsForeignCode = events.includes("pull_request");
        if (runsForeignCode) expect(text).not.toMatch(/secrets\.|^ +(secrets|environment):|: write/m);
        if (events.includes("workflow_run")) {
            expect(text).not.toMatch(/actions\/checkout|npm |npx |secrets\./);
        }
    });

    it("puts nothing from outside into a script's text", () => {
        for (const { run = "" } of steps) expect(run).not.toContain("${{");
    });

    it("keeps no credentials in a checkout", () => {
        for (const [checkout] of text.matchAll(/uses: actions\/checkout[\s\S]*?(?=\n {6}- )/g)) {
            expect(checkout).toContain("persist-credentials: false");
        }
    });

    it("calls the command line with what it takes", () => {
        for (const call of calls(text)) expect(refusal(call)).toBeUndefined();
    });
});

describe("the workflows together", () => {
    const all = texts.map(([, text]) => text).join("\n");

    it("preview, comment, judge, deploy what was planned, rotate what is due, look for drift, and publish the documentation", () => {
        expect(workflows.map(([file]) => file).toSorted()).toEqual([
            "comment.yml",
            "deploy-stack.yml",
            "deploy.yml",
            "docs-deploy.yml",
            "docs.yml",
            "drift.yml",
            "policy.yml",
            "preview.yml",
            "release.yml",
            "rotate.yml",
        ]);
        expect(all).toMatch(/pulumi preview .*--save-plan plan\.json/);
        expect(all).toMatch(/pulumi up .*--plan plan\.json/);
    });

    it("pin each action at one commit", () => {
        const pinned = new Set([...all.matchAll(/uses: ([\w/-]+@[0-9a-f]+)/g)].map(([, action = ""]) => action));
        const names = [...pinned].map((action) => action.split("@")[0]);
        expect(new Set(names).size).toBe(pinned.size);
    });

    it("run the same for GitLab", () => {
        const { stages, ...entries } = parse(gitlab, { merge: true }) as { stages: string[] } & Record<string, unknown>;
        const jobs = Object.values(entries as Record<string, { stage?: string }>);
        const named = jobs.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
        expect(named.filter((stage) => !stages.includes(stage))).toEqual([]);
        expect(named).toHaveLength(9);
        const github = new Set(calls(all).map((call) => call[0]));
        const here = calls(gitlab);
        expect(new Set(here.map((call) => call[0]))).toEqual(github);
        for (const call of here) expect(refusal(call)).toBeUndefined();
        const engine = (text: string) =>
            [...text.matchAll(/npx (pulumi .*?--non-interactive)/g)].map(([, line]) => line).toSorted();
        expect(new Set(engine(gitlab))).toEqual(new Set(engine(all)));
    });
});
