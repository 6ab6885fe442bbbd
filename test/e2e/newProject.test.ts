import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../cli/preview/plan.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { ensureTool } from "../../toolchain/index.ts";
import { NewProject } from "./support/newProject.ts";

const ANSWERS = [
    ...["--zone", "example.com", "--account-id", "0123456789abcdef0123456789abcdef", "--team", "example"],
    ...["--people", "@example.com", "--login", "github", "--docker-host", "ssh://deploy@swarm.example.com"],
    "--yes",
];

/** What somebody might add beside what the stack file declares. */
const OPEN_SERVICE = `import { Service } from "@pulumi/docker/service.js";
import declared from "sallyport/stacks";

export default async () => {
    new Service("open-service", {
        taskSpec: { containerSpec: { image: "nginx:1.29.0" } },
        endpointSpec: { ports: [{ targetPort: 80 }] },
    });
    return declared();
};
`;

describe("a project that `sallyport init` made, from the packages as npm installs them", () => {
    let project: NewProject;
    beforeAll(async () => {
        project = await NewProject.install(ANSWERS);
    });
    afterAll(() => project?.[Symbol.dispose]());

    const preview = (stack: string) =>
        project.run("npx", "--no", "sallyport", "preview", stack, "--offline", "--format", "json");

    it.each([
        ["staging", "hello-staging.example.com"],
        ["prod", "hello.example.com"],
    ])("previews %s green, with the policy pack", async (stack, hostname) => {
        const { stdout, stderr, exitCode } = await preview(stack);
        expect(exitCode, String(stderr)).toBe(0);
        const plan = JSON.parse(String(stdout)) as Plan;
        expect(plan).toMatchObject({ stack, violations: [] });
        expect(plan.access.gained).toMatchObject([
            { who: "people of @example.com", what: `${hostname} (http://hello:8080)` },
        ]);
    });

    it("has a program that the compiler takes", async () => {
        const { stdout, exitCode } = await project.run("npm", "run", "--silent", "types");
        expect(stdout).toBe("");
        expect(exitCode).toBe(0);
    });

    it("has workflows that are what GitHub runs, by actionlint", async () => {
        const { path } = await ensureTool("actionlint", { progress: stderrProgress() });
        const { stdout, exitCode } = await project.run(path, "-no-color");
        expect(stdout).toBe("");
        expect(exitCode).toBe(0);
    });

    it("is left as it was committed by all of this", async () => {
        expect((await project.run("git", "status", "--porcelain")).stdout).toBe("");
    });

    it("takes resources of one's own, which the compiler checks and the policy pack judges too", async () => {
        const program = join(project.folder, "index.ts");
        const own = readFileSync(program, "utf8");
        writeFileSync(program, OPEN_SERVICE);
        const [planned, checked] = await Promise.all([preview("staging"), project.run("npm", "run", "types")]);
        writeFileSync(program, own);
        expect(checked.exitCode, String(checked.stdout)).toBe(0);
        expect(planned.exitCode, String(planned.stderr)).toBe(1);
        expect((JSON.parse(String(planned.stdout)) as Plan).violations).toContainEqual(
            expect.objectContaining({ resource: "open-service", rule: "no-published-service-port" }),
        );
    });
});
