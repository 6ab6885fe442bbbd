import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import MarkdownIt from "markdown-it";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Plan } from "../../cli/preview/plan.ts";
import { projectDir } from "../../cli/project.ts";
import { stderrProgress } from "../../cli/ui/progress.ts";
import { copyProject, type ProjectCopy } from "../support/projectCopy.ts";
import { Chromium } from "./support/chromium.ts";

const ARTEFACTS = join(projectDir, ".sallyport", "artefacts");
const STACK_FILE = "Pulumi.staging.yaml";
const DOMAIN = "      emailDomains: [example.com]\n";
const GROUP = "      groups: [{ provider: workspace, googleGroup: staff@example.com }]\n";
const WORKSPACE = `  sallyport:identityProviders:
    workspace:
      kind: google-apps
      clientId: id.apps.googleusercontent.com
      clientSecret: { secure: "v1:abc:def" }
      domain: example.com
`;

const through = (audience: string) => `policy staging-${audience}, tunnel sallyport-staging`;

/** What a pull request might change, and what its reviewer must be told. */
const branches: { name: string; edit: (copy: ProjectCopy) => void; access: Plan["access"] }[] = [
    {
        name: "adds-an-app",
        edit: (copy) =>
            copy.edit(STACK_FILE, (text) =>
                text.replace(
                    "    - name: registry\n",
                    `    - name: wiki
      hostname: wiki-staging.example.com
      service: http://wiki:3000
      audience: [oncall]
    - name: registry
`,
                ),
            ),
        access: {
            gained: ["ada", "grace"].map((person) => ({
                who: `${person}@example.com`,
                what: "wiki-staging.example.com (http://wiki:3000)",
                through: through("oncall"),
                session: "8h",
                conditions: [],
            })),
            lost: [],
            changed: [],
        },
    },
    {
        name: "widens-an-audience",
        edit: (copy) => copy.edit(STACK_FILE, (text) => text.replace(GROUP, DOMAIN)),
        access: {
            gained: reached("people of @example.com"),
            lost: reached("members of staff@example.com at workspace"),
            changed: [],
        },
    },
    {
        name: "renames-components",
        edit: (copy) => {
            copy.edit(STACK_FILE, (text) =>
                text
                    .replace("name: grafana", "name: dashboards")
                    .replaceAll("staff", "colleagues")
                    .replace("googleGroup: colleagues@", "googleGroup: staff@"),
            );
            copy.edit("stacks/deploy.ts", (text) => text.replace('"ingress",\n', '"public-names",\n'));
        },
        access: { gained: [], lost: [], changed: [] },
    },
];

function reached(who: string): Plan["access"]["gained"] {
    return [
        "grafana-staging.example.com (http://grafana:3000)",
        "orders-db-staging.example.com (tcp://postgres:5432)",
    ].map((what) => ({ who, what, through: through("staff"), session: "24h", conditions: [] }));
}

describe("a pull request's review", () => {
    let copy: ProjectCopy;
    let chromium: Chromium;
    const git = (...args: string[]) =>
        execa("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: copy.folder });

    beforeAll(async () => {
        copy = copyProject();
        copy.edit(STACK_FILE, (text) => text.replace(DOMAIN, GROUP).concat(WORKSPACE));
        await git("init", "--quiet", "--initial-branch=main");
        await git("add", "--all", "--", ":!node_modules");
        await git("commit", "--quiet", "--message=base");
        const ca = readFileSync(join(import.meta.dirname, "fixtures", "mkcert", "rootCA.pem"), "utf8");
        chromium = await Chromium.start(ca, stderrProgress());
        mkdirSync(ARTEFACTS, { recursive: true });
    });
    afterAll(async () => {
        await chromium?.[Symbol.asyncDispose]();
        copy[Symbol.dispose]();
    });

    it.each(branches)("tells who gains and who loses access on a branch that $name", async ({ name, edit, access }) => {
        await git("checkout", "--quiet", "-b", name, "main");
        edit(copy);
        await git("commit", "--quiet", "--all", `--message=${name}`);
        const preview = ["preview", "staging", "--offline", "--against", "main"];
        const { stdout, stderr, exitCode } = await copy.sallyport([...preview, "--format", "json"], ["unshare", "-n"]);
        expect(exitCode, String(stderr)).toBe(0);
        expect((JSON.parse(String(stdout)) as Plan).access).toEqual(access);
    });

    it("is a comment that reads well", async () => {
        await git("checkout", "--quiet", "widens-an-audience");
        const { stdout } = await copy.sallyport([
            "preview",
            "staging",
            "--offline",
            "--against",
            "main",
            "--format",
            "markdown",
        ]);
        const html = new MarkdownIt({ html: true }).render(String(stdout));
        await using page = await chromium.person();
        await page.setContent(`<!doctype html><style>body { font: 14px sans-serif }</style>${html}`);
        await page.getByRole("heading", { name: "Sallyport preview: staging" }).waitFor();
        expect(await page.getByRole("table").getByRole("row").count()).toBe(2);
        const [difference = "", map = ""] = await page.locator("pre").allTextContents();
        expect(difference.trim().split("\n")).toHaveLength(4);
        expect(map).toMatch(/^flowchart LR\n/);
        await page.getByText("Who reaches what afterwards").click();
        await page.screenshot({ path: join(ARTEFACTS, "preview-comment.png"), fullPage: true });
    });

    it("has a map that answers questions in a browser, from a file, within its own content security policy", async () => {
        await git("checkout", "--quiet", "main");
        const { stdout, stderr, exitCode } = await copy.sallyport(["map", "staging", "--offline", "--format", "html"]);
        expect(exitCode, String(stderr)).toBe(0);
        const file = join(ARTEFACTS, "map.html");
        writeFileSync(file, String(stdout));
        await using page = await chromium.person();
        const complaints: string[] = [];
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("request", (request) => {
            if (request.url() !== page.url() && !request.isNavigationRequest()) complaints.push(request.url());
        });
        await page.goto(pathToFileURL(file).href);

        const rows = page.locator("#rows").getByRole("row");
        const answer = page.getByRole("status");
        expect(await rows.count()).toBe(6);
        await page.getByLabel("What does this person reach?").fill("ada@example.com");
        expect(await answer.textContent()).toBe("ada@example.com reaches 1 for certain, 2 under conditions.");
        expect(await rows.allTextContents()).toEqual([
            expect.stringContaining("if in staff@example.com at workspace"),
            expect.stringContaining("if in staff@example.com at workspace"),
            expect.stringMatching(/^ada@example\.com.*registry-staging\.example\.com.*yes8h/),
        ]);
        await page.screenshot({ path: join(ARTEFACTS, "map-person.png"), fullPage: true });

        await page.getByLabel("What does this person reach?").fill("");
        await page.getByLabel("Who reaches this?").fill("postgres");
        expect(await rows.allTextContents()).toEqual([
            expect.stringMatching(/^members of staff@example\.com at workspace/),
        ]);
        expect(await answer.textContent()).toBe("1 reach that.");
        await page.getByLabel("Who reaches this?").fill("nonesuch");
        expect(await answer.textContent()).toBe("Nobody reaches that.");
        expect(complaints).toEqual([]);
    });

    it("has a map that says all of it without scripts", async () => {
        await using page = await chromium.person({ javaScriptEnabled: false });
        await page.goto(pathToFileURL(join(ARTEFACTS, "map.html")).href);
        expect(await page.getByRole("row").count()).toBe(7);
        expect(await page.getByRole("searchbox").count()).toBe(0);
        expect(await page.getByRole("img").count()).toBe(1);
        await page.screenshot({ path: join(ARTEFACTS, "map.png"), fullPage: true });
    });

    it("answers on the command line, with exit code 1 where the answer is nobody or nothing", async () => {
        const offline = ["--offline", "--stack", "staging"];
        const database = await copy.sallyport(["who-can-reach", "orders-db", ...offline, "--json"]);
        expect(JSON.parse(String(database.stdout))).toMatchObject({
            reachedBy: [{ stack: "staging", who: "members of staff@example.com at workspace" }],
        });
        expect((await copy.sallyport(["reach", "service token nonesuch", ...offline])).exitCode).toBe(1);
    });
});
