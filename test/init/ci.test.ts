import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Ci } from "../../cli/init/answers.ts";
import { forProject } from "../../cli/init/ci.ts";
import { own, projectFiles, WORKFLOWS } from "../../cli/init/projectFiles.ts";
import { projectDir } from "../../cli/project.ts";
import { ANSWERS, TODAY } from "./support.ts";

const GITLAB = "examples/gitlab/.gitlab-ci.yml";
const PACK = ' --policy-pack node_modules/@sallyport/policy --policy-pack-config "policy.$STACK.json"';
const ENVIRONMENTS = ["dev", "qa", "live"];

interface Job {
    needs?: string | string[];
    with?: { stack: string };
    stage?: string;
    variables?: { STACK?: string };
    strategy?: { matrix: { stack: string[] } };
}

describe("the workflows of a new project", () => {
    it("are this repository's own, but for the policy pack that is installed", () => {
        for (const path of [...WORKFLOWS, GITLAB]) {
            const text = own(path);
            expect(forProject(text, ["staging", "prod"]), path).toBe(
                text.replace(/^# The same as .*\n#\n/, "").replaceAll(" --policy-pack policy", PACK),
            );
        }
    });

    it("are all of those that review and deploy", () => {
        const others = readdirSync(join(projectDir, ".github", "workflows"))
            .map((file) => `.github/workflows/${file}`)
            .filter((path) => !WORKFLOWS.includes(path))
            .filter((path) => /npx (sallyport|pulumi) /.test(own(path)));
        expect(others).toEqual([]);
    });

    it.each([...WORKFLOWS, GITLAB])("of other environments name those alone: %s", (path) => {
        const text = forProject(own(path), ENVIRONMENTS);
        expect(text).not.toMatch(/\b(staging|prod)\b/);
        expect(() => parse(text, { merge: true })).not.toThrow();
    });

    it("deploy one environment after the other", () => {
        const { jobs } = parse(forProject(own(".github/workflows/deploy.yml"), ENVIRONMENTS)) as {
            jobs: Record<string, Job>;
        };
        expect(Object.entries(jobs).map(([name, { needs, with: given }]) => [name, needs, given?.stack])).toEqual([
            ["dev", undefined, "dev"],
            ["qa", "dev", "qa"],
            ["live", "qa", "live"],
        ]);
        const gitlab = parse(forProject(own(GITLAB), ENVIRONMENTS), { merge: true }) as Record<string, Job> & {
            stages: string[];
        };
        expect(gitlab.stages).toEqual([
            "review",
            "comment",
            "plan-dev",
            "dev",
            "plan-qa",
            "qa",
            "plan-live",
            "live",
            "rotate",
            "drift",
        ]);
        expect(gitlab["plan-live"]).toMatchObject({
            needs: ["deploy-qa"],
            stage: "plan-live",
            variables: { STACK: "live" },
        });
        expect(gitlab["deploy-live"]).toMatchObject({
            needs: ["plan-live"],
            stage: "live",
            environment: { name: "live" },
        });
    });

    it("of a single environment wait for none", () => {
        const { jobs } = parse(forProject(own(".github/workflows/deploy.yml"), ["live"])) as {
            jobs: Record<string, Job>;
        };
        expect(jobs).toEqual({ live: expect.not.objectContaining({ needs: expect.anything() }) });
    });

    it("swap names without taking one for the other", () => {
        const { jobs } = parse(forProject(own(".github/workflows/deploy.yml"), ["prod", "staging"])) as {
            jobs: Record<string, Job>;
        };
        expect(jobs.staging).toMatchObject({ needs: "prod", with: { stack: "staging" } });
    });

    it("are written for what was asked for, or not at all", () => {
        const paths = (ci: Ci) =>
            [...projectFiles({ ...ANSWERS, ci }, TODAY).keys()].filter(
                (path) => path.startsWith(".git") && path !== ".gitignore",
            );
        expect(paths(Ci.GitHub)).toEqual(WORKFLOWS);
        expect(paths(Ci.GitLab)).toEqual([".gitlab-ci.yml"]);
        expect(paths(Ci.None)).toEqual([]);
    });
});
