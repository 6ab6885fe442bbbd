import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { preparePulumi, providersOf, type Reach, SettingError, silentProgress } from "../../toolchain/index.ts";
import { errorOf } from "./support/errorOf.ts";
import { executable, launcherThat, NODE_MODULES, recordedProgress, Sandbox } from "./support/sandbox.ts";

const reachable: Reach = async () => ({ ok: true });
const unreachable: Reach = async () => ({ ok: false, why: "get.pulumi.com cannot be resolved" });
const never: Reach = () => Promise.reject(new Error("the network was touched"));

const progress = silentProgress;
const ENGINE = "versions/3.250.0/bin";

/** A machine with a project whose engine is npm's real launcher, and an official engine if asked for. */
function machineWith({ engine = false, plugins = false } = {}) {
    const machine = new Sandbox();
    machine.packages();
    symlinkSync(join(NODE_MODULES, "pulumi"), join(machine.project, "node_modules", "pulumi"));
    const pulumiHome = join(machine.home, ".pulumi");
    if (engine) {
        executable(join(pulumiHome, ENGINE, "pulumi"), ENGINE_CODE(machine.folder));
        executable(join(pulumiHome, ENGINE, "pulumi-language-nodejs"), "");
    }
    const pluginOf = ({ name, version }: { name: string; version: string }) =>
        join(pulumiHome, "plugins", `resource-${name}-v${version}`);
    if (plugins) {
        for (const plugin of providersOf(machine.project)) {
            executable(join(pluginOf(plugin), `pulumi-resource-${plugin.name}`), "");
        }
    }
    return Object.assign(machine, { pulumiHome, pluginOf });
}

/** An engine that installs the plugins that it is told to, and prints its version. */
const ENGINE_CODE = (sandbox: string) => `
const fs = require("node:fs"), path = require("node:path"), args = process.argv.slice(2);
if (args[0] === "version") console.log("3.250.0");
if (args[0] === "plugin") {
    fs.appendFileSync(${JSON.stringify(join(sandbox, "calls"))}, args.slice(0, 5).join(" ") + "\\n");
    const folder = path.join(process.env.PULUMI_HOME, "plugins", "resource-" + args[3] + "-" + args[4]);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, "pulumi-resource-" + args[3]), "", { mode: 0o755 });
}`;

describe("the official providers", () => {
    it("are taken where they are installed, without asking the network", async () => {
        using machine = machineWith({ engine: true, plugins: true });
        const shown = recordedProgress();
        const prepared = await preparePulumi({ projectDir: machine.project, progress: shown, reach: never });
        expect(prepared).toMatchObject({
            providers: "official",
            pulumiHome: machine.pulumiHome,
            pulumi: join(machine.pulumiHome, ENGINE, "pulumi"),
        });
        expect(prepared.env.PULUMI_HOME).toBe(machine.pulumiHome);
        expect(shown.steps).toEqual([]);
        expect(existsSync(join(machine.project, ".sallyport"))).toBe(false);
    });

    it("are downloaded by the engine where they can be, those alone that are missing", async () => {
        using machine = machineWith({ engine: true, plugins: true });
        const docker = providersOf(machine.project).find(({ name }) => name === "docker");
        if (docker) rmSync(machine.pluginOf(docker), { recursive: true });
        const prepared = await preparePulumi({ projectDir: machine.project, progress, reach: reachable });
        expect(prepared.providers).toBe("official");
        expect(machine.calls).toEqual([`plugin install resource docker v${docker?.version}`]);
    });

    it("bring their own engine where one without language hosts is installed", async () => {
        using machine = new Sandbox();
        machine.packages(launcherThat('put("pulumi"); put("pulumi-language-nodejs");'));
        const pulumiHome = join(machine.home, ".pulumi");
        executable(join(pulumiHome, ENGINE, "pulumi"), "");
        for (const { name, version } of providersOf(machine.project)) {
            executable(join(pulumiHome, "plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`), "");
        }
        const prepared = await preparePulumi({ projectDir: machine.project, progress, reach: reachable });
        expect(prepared.providers).toBe("official");
        expect(readdirSync(join(pulumiHome, ENGINE))).toEqual(["pulumi", "pulumi-language-nodejs"]);
        expect(readdirSync(join(pulumiHome, "versions"))).toEqual(["3.250.0"]);
    });

    it("do not count as installed while an installation is unfinished", async () => {
        using machine = machineWith({ engine: true, plugins: true });
        for (const plugin of providersOf(machine.project)) writeFileSync(`${machine.pluginOf(plugin)}.partial`, "");
        const prepared = await preparePulumi({ projectDir: machine.project, progress, reach: unreachable });
        expect(prepared.providers).toBe("fallback");
    });

    it("are not replaced by the fallback because a download broke off", async () => {
        using machine = machineWith({ engine: true });
        executable(join(machine.pulumiHome, ENGINE, "pulumi"), 'console.error("unexpected EOF"); process.exit(255);');
        const error = await errorOf(preparePulumi({ projectDir: machine.project, progress, reach: reachable }));
        expect(error.message).toMatch(/cloudflare provider .* cannot be downloaded: .*unexpected EOF/);
        expect(error.fix).toContain("Run this again");
        expect(existsSync(join(machine.project, ".sallyport"))).toBe(false);
    });

    it("are looked for in the user's own PULUMI_HOME from a shell that uses the fallback's", async () => {
        using machine = machineWith({ engine: true, plugins: true });
        vi.stubEnv("PULUMI_HOME", join(machine.project, ".sallyport", "pulumi"));
        const prepared = await preparePulumi({ projectDir: machine.project, progress, reach: never });
        expect(prepared.pulumiHome).toBe(machine.pulumiHome);
    });
});

describe("the fallback providers", () => {
    it("stand in where the official ones cannot be reached, in a PULUMI_HOME of the project's own", async () => {
        using machine = machineWith({ engine: true });
        const before = readdirSync(machine.pulumiHome, { recursive: true });
        const prepared = await preparePulumi({ projectDir: machine.project, progress, reach: unreachable });
        expect(prepared.providers).toBe("fallback");
        expect(prepared.pulumiHome).toBe(join(machine.project, ".sallyport", "pulumi"));
        expect(readdirSync(join(prepared.pulumiHome, "plugins"))).toEqual(
            expect.arrayContaining(
                providersOf(machine.project).map(({ name, version }) => `resource-${name}-v${version}`),
            ),
        );
        expect(readdirSync(machine.pulumiHome, { recursive: true })).toEqual(before);
    });

    it("are announced once, with the reason", async () => {
        using machine = machineWith({ engine: true });
        const shown = recordedProgress();
        await preparePulumi({ projectDir: machine.project, progress: shown, reach: unreachable });
        expect(shown.steps).toEqual([
            "Sallyport's own providers stand in for the official ones (get.pulumi.com cannot be resolved)",
        ]);
    });

    it("come with an engine that plain `npx pulumi` finds", async () => {
        using machine = machineWith({ engine: true });
        const { env } = await preparePulumi({ projectDir: machine.project, progress, reach: unreachable });
        const launcher = join(machine.project, "node_modules", "pulumi", "run.js");
        const said = execFileSync(process.execPath, [launcher, "version"], { env, encoding: "utf8" });
        expect(said).toBe("3.250.0\n");
        expect(env.PATH?.split(delimiter)).toEqual([
            join(machine.project, "node_modules", ".bin"),
            join(env.PULUMI_HOME ?? "", ENGINE),
            machine.commands,
        ]);
    });

    it("are taken offline whatever is installed or set, and the network is not touched", async () => {
        using machine = machineWith({ engine: true, plugins: true });
        vi.stubEnv("SALLYPORT_PROVIDERS", "official");
        const options = { projectDir: machine.project, progress, reach: never, offline: true };
        expect((await preparePulumi(options)).providers).toBe("fallback");
        expect((await preparePulumi(options)).providers).toBe("fallback");
    });

    it("need an engine, which is not fetched offline", async () => {
        using machine = machineWith();
        const options = { projectDir: machine.project, progress, reach: never, offline: true };
        expect((await errorOf(preparePulumi(options))).message).toContain("pulumi 3.250.0 is not installed");
    });
});

describe("SALLYPORT_PROVIDERS", () => {
    it("forces the fallback where the official providers are installed", async () => {
        using machine = machineWith({ engine: true, plugins: true });
        vi.stubEnv("SALLYPORT_PROVIDERS", "fallback");
        const prepared = await preparePulumi({ projectDir: machine.project, progress, reach: never });
        expect(prepared.providers).toBe("fallback");
    });

    it("forces the official providers, or says why they cannot be had", async () => {
        using machine = machineWith({ engine: true });
        vi.stubEnv("SALLYPORT_PROVIDERS", "official");
        const error = await errorOf(preparePulumi({ projectDir: machine.project, progress, reach: unreachable }));
        expect(error.message).toContain("get.pulumi.com cannot be resolved");
    });

    it.each([{ offline: false }, { offline: true }])(
        "is refused when it names no providers (%o)",
        async ({ offline }) => {
            using machine = machineWith({ engine: true, plugins: true });
            vi.stubEnv("SALLYPORT_PROVIDERS", "offical");
            const error = await errorOf(
                preparePulumi({ projectDir: machine.project, progress, reach: never, offline }),
            );
            expect(error).toBeInstanceOf(SettingError);
            expect(error.message).toContain('SALLYPORT_PROVIDERS is "offical"');
            expect(error.fix).toContain('"official" or "fallback"');
        },
    );
});
