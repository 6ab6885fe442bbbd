import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import type { Progress } from "../../../toolchain/index.ts";

/** The real project's packages. */
export const NODE_MODULES = fileURLToPath(new URL("../../../node_modules", import.meta.url));

/**
 * A machine of its own for a test: an empty home, an empty cache, and a PATH on which only the commands exist that the test puts
 * there. A fake command is JavaScript that is run by this Node.js; each call is noted.
 */
export class Sandbox implements Disposable {
    readonly folder = mkdtempSync(join(tmpdir(), "sallyport-toolchain-"));
    readonly home = join(this.folder, "home");
    readonly cache = join(this.folder, "cache");
    readonly commands = join(this.folder, "commands");
    readonly project = join(this.folder, "project");

    constructor() {
        for (const folder of [this.home, this.commands, this.project]) mkdirSync(folder);
        for (const [name, value] of Object.entries(this.environment)) vi.stubEnv(name, value);
        for (const name of ["PULUMI_HOME", "SALLYPORT_PROVIDERS", "HTTPS_PROXY", "HTTP_PROXY", "DOCKER_HOST"]) {
            vi.stubEnv(name, undefined);
        }
    }

    /** What makes another process live on this machine too. */
    get environment() {
        return { HOME: this.home, SALLYPORT_HOME: this.cache, PATH: this.commands };
    }

    /** Puts a command on PATH. Its code finds `args`, `env`, `fs`, `path`, `program(text)` and `sandbox`, this one's folder. */
    command(name: string, code: string): void {
        executable(join(this.commands, name), noted(name, this.folder) + code);
    }

    /** Removes a command from PATH. */
    uninstall(name: string): void {
        rmSync(join(this.commands, name));
    }

    /** Gives the project npm packages: the real providers, and others by the content of their files. */
    packages(others: Record<string, Record<string, string>> = {}): void {
        const modules = join(this.project, "node_modules");
        mkdirSync(modules);
        writeFileSync(join(this.project, "package.json"), "{}");
        symlinkSync(join(NODE_MODULES, "@pulumi"), join(modules, "@pulumi"));
        for (const [name, files] of Object.entries(others)) {
            mkdirSync(join(modules, name));
            for (const [file, content] of Object.entries(files)) writeFileSync(join(modules, name, file), content);
        }
    }

    /** Commands that were started, with the first words of their arguments. */
    get calls(): string[] {
        const log = join(this.folder, "calls");
        return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    }

    [Symbol.dispose](): void {
        vi.unstubAllEnvs();
        rmSync(this.folder, { recursive: true, force: true });
    }
}

/** Writes a program that this Node.js runs. */
export function executable(path: string, code: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!${process.execPath}\n${code}`, { mode: 0o755 });
}

/** The head of every fake command. */
const noted = (name: string, folder: string) => `
const args = process.argv.slice(2), env = process.env, fs = require("node:fs"), path = require("node:path");
const sandbox = ${JSON.stringify(folder)};
const program = (text) => "#!" + process.execPath + "\\nconsole.log(" + JSON.stringify(text) + ");\\n";
fs.appendFileSync(path.join(sandbox, "calls"), ["${name}", ...args.slice(0, 2)].join(" ") + "\\n");
`;

/** A Go that lists two packages and "compiles" a program which says `said`. */
export const goThatBuilds = (said: string) => `
if (args[0] === "list") console.log("example.com/a\\nexample.com/b");
if (args[0] === "build") {
    fs.writeFileSync(path.join(sandbox, "go-environment"), JSON.stringify({ ...env, args }));
    fs.writeFileSync(args[args.indexOf("-o") + 1], program(${JSON.stringify(said)}));
}`;

/** npm's `pulumi` package, whose launcher fetches into `$PULUMI_HOME/versions/<version>` and runs what it fetched. */
export const launcherThat = (code: string) => ({
    pulumi: {
        "package.json": '{ "name": "pulumi", "version": "3.250.0" }',
        "run.js": `
const fs = require("node:fs"), path = require("node:path");
const bin = path.join(process.env.PULUMI_HOME, "versions", process.env.PULUMI_VERSION, "bin");
fs.mkdirSync(bin, { recursive: true });
const put = (name) => fs.writeFileSync(path.join(bin, name), "x", { mode: 0o755 });
${code}`,
    },
});

/** A Progress that keeps what it was told. */
export function recordedProgress(): Progress & { readonly steps: string[]; readonly details: string[] } {
    const steps: string[] = [];
    const details: string[] = [];
    return {
        steps,
        details,
        step: (title) => void steps.push(title),
        detail: (text) => void details.push(text),
        done: () => {},
    };
}
