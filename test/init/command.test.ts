import { existsSync, mkdirSync, mkdtempDisposableSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectFiles } from "../../cli/init/projectFiles.ts";
import { questions } from "../../cli/init/questions.ts";
import { answersFrom } from "../../cli/init/request.ts";
import { writeProject } from "../../cli/init/writeProject.ts";
import { sallyport } from "../support/cli.ts";
import { ANSWERS, NEEDED, TODAY } from "./support.ts";

const home = () => mkdtempDisposableSync(join(tmpdir(), "sallyport-init-test-"));
const NEEDED_FLAGS = ["--zone", NEEDED.zone, "--account-id", NEEDED.accountId, "--team", NEEDED.team];

describe("sallyport init", () => {
    it("makes a project, says what it made and what is left to do, and holds no secret", async () => {
        using parent = home();
        const { stdout, exitCode } = await sallyport(["init", "infra", ...NEEDED_FLAGS, "--yes", "--json"], {
            cwd: parent.path,
        });
        expect(exitCode).toBe(0);
        const { folder, files, next } = JSON.parse(String(stdout)) as {
            folder: string;
            files: string[];
            next: { command: string }[];
        };
        expect(folder).toBe(join(parent.path, "infra"));
        expect(
            readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
        ).toHaveLength(files.length);
        expect(next.map(({ command }) => command).slice(0, 2)).toEqual([
            "npm install",
            "npx sallyport preview staging --offline",
        ]);
        expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({
            name: "infra",
            private: true,
        });
        expect(readdirSync(parent.path)).toEqual(["infra"]);
    });

    it("tells a person the next commands, one below the other", async () => {
        using parent = home();
        const { stdout } = await sallyport(["init", "infra", ...NEEDED_FLAGS], { cwd: parent.path });
        expect(String(stdout).split("\n").slice(0, 3)).toEqual([
            "cd infra",
            expect.stringMatching(/^ {4}\d+ files are there$/),
            "npm install",
        ]);
    });

    it("names all that is missing at once, with every option, where nobody can be asked", async () => {
        using parent = home();
        const { stderr, exitCode } = await sallyport(["init", "infra", "--ci", "jenkins"], { cwd: parent.path });
        expect(exitCode).toBe(2);
        expect(stderr).toContain('--ci: "jenkins" is unknown. Write one of github, gitlab, none.');
        expect(stderr).toContain("--zone, --account-id, --team: are missing");
        for (const { flag } of questions("infra")) expect(stderr).toContain(`  ${flag} `);
        expect(readdirSync(parent.path)).toEqual([]);
    });

    it.each([
        ["accountId", "123", /--account-id: "123" is not an account id/],
        ["zone", "example", /--zone: /],
        ["team", "example.cloudflareaccess.com", /--team: .*first label/],
        ["people", "ada", /--people: "ada"/],
        ["people", " , ", /--people: names nobody/],
        ["login", "ldap", /--login: "ldap" is unknown/],
        ["environments", "staging,local", /--environments: "local" is the environment on your own machine/],
        ["environments", "a,b,a", /--environments: "a" is there twice/],
        ["environments", "1a", /--environments: "1a" starts with a digit/],
        ["platform", "vm", /--platform: "vm" is unknown/],
        ["dockerHost", "swarm.example.com", /--docker-host: "swarm.example.com" is not a Docker host/],
        ["name", "My Project", /--name: "My Project" is not a name/],
    ])("refuses %s %j by its option", (key, value, message) => {
        expect(() => answersFrom(questions("infra"), { ...NEEDED, [key]: value })).toThrow(message);
    });

    it("takes what is usual for whatever is not said", () => {
        expect(answersFrom(questions("My Infra!"), NEEDED)).toEqual({
            ...ANSWERS,
            name: "my-infra",
            people: ["@example.com"],
        });
    });

    it("overwrites nothing: it names every file that is there, and makes none", async () => {
        using folder = home();
        writeFileSync(join(folder.path, "package.json"), "mine");
        writeFileSync(join(folder.path, "README.md"), "mine");
        const { stderr, exitCode } = await sallyport(["init", ".", ...NEEDED_FLAGS], { cwd: folder.path });
        expect(exitCode).toBe(2);
        expect(stderr).toContain("has package.json, README.md already; nothing was made");
        expect(readdirSync(folder.path).toSorted()).toEqual(["README.md", "package.json"]);
        expect(readFileSync(join(folder.path, "package.json"), "utf8")).toBe("mine");
    });

    it("goes into a folder that has other files, beside them", () => {
        using folder = home();
        mkdirSync(join(folder.path, ".github", "workflows"), { recursive: true });
        writeFileSync(join(folder.path, ".github", "workflows", "mine.yml"), "on: push");
        const files = projectFiles(ANSWERS, TODAY);
        writeProject(folder.path, files);
        for (const [path, text] of files) expect(readFileSync(join(folder.path, path), "utf8")).toBe(text);
        expect(existsSync(join(folder.path, ".github", "workflows", "mine.yml"))).toBe(true);
    });

    it("leaves a folder as it was where one file cannot be put there", () => {
        using folder = home();
        writeFileSync(join(folder.path, ".github"), "a file where a folder has to be");
        expect(() => writeProject(folder.path, projectFiles(ANSWERS, TODAY))).toThrow(
            /nothing was made, it cannot be written there/,
        );
        expect(readdirSync(folder.path)).toEqual([".github"]);
    });
});
