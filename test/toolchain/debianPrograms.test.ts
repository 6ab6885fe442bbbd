import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Host } from "../../toolchain/docker/index.ts";
import { ensurePrograms, silentProgress } from "../../toolchain/index.ts";
import { errorOf } from "./support/errorOf.ts";
import { recordedProgress, Sandbox } from "./support/sandbox.ts";

const debianRoot: Host = { platform: "linux", root: true, systemd: false, debian: true };
const database = { package: "postgresql", programs: ["postgres", "psql"] } as const;

/** An apt-get whose packages bring these programs. */
const aptGetThatInstalls = (...programs: string[]) => `
if (args[0] === "install") for (const name of ${JSON.stringify(programs)}) {
    fs.writeFileSync(path.join(sandbox, "commands", name), program(name), { mode: 0o755 });
}`;

const ensure = (host: Partial<Host> = {}, progress = silentProgress) =>
    ensurePrograms(database, { progress, host: { ...debianRoot, ...host } });

describe("programs of a Debian package", () => {
    it("are taken as they are when they are on the machine, on PATH or in the package's own folders", async () => {
        using machine = new Sandbox();
        machine.command("psql", "");
        machine.command("../lib/15/bin/postgres", "");
        const folders = join(machine.folder, "lib/*/bin");
        const paths = await ensurePrograms({ ...database, folders }, { progress: silentProgress });
        expect(paths).toEqual({
            postgres: join(machine.folder, "lib/15/bin/postgres"),
            psql: join(machine.commands, "psql"),
        });
        expect(machine.calls).toEqual([]);
    });

    it("are installed when one is missing, with the package lists brought up to date, and the progress says so", async () => {
        using machine = new Sandbox();
        machine.command("psql", "");
        machine.command("apt-get", aptGetThatInstalls("postgres"));
        const progress = recordedProgress();
        const { postgres } = await ensure({}, progress);
        expect(postgres).toBe(join(machine.commands, "postgres"));
        expect(machine.calls).toEqual(["apt-get update -o", "apt-get install --yes"]);
        expect(progress.steps).toEqual(["Installing postgresql"]);
        expect(progress.details).toEqual(["apt-get update", "apt-get install --yes postgresql"]);
    });

    it("are installed without what the package merely recommends where they are wanted alone", async () => {
        using machine = new Sandbox();
        machine.command("apt-get", aptGetThatInstalls("postgres", "psql"));
        const progress = recordedProgress();
        await ensurePrograms({ ...database, alone: true }, { progress, host: debianRoot });
        expect(progress.details.at(-1)).toBe("apt-get install --yes --no-install-recommends postgresql");
    });

    it("are installed by one process at a time", async () => {
        using machine = new Sandbox();
        machine.command(
            "apt-get",
            `const mine = path.join(sandbox, "busy");
            fs.mkdirSync(mine);
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
            fs.rmdirSync(mine);
            ${aptGetThatInstalls("postgres", "psql")}`,
        );
        const [one, other] = await Promise.all([ensure(), ensure()]);
        expect(one).toEqual(other);
    });

    it.each([
        ["no root", { root: false }, /^Run "sudo apt-get update && sudo apt-get install --yes postgresql"\.$/],
        ["Fedora", { debian: false }, /^Install what Debian calls postgresql/],
        ["a Mac", { platform: "darwin" as const }, /^Install what Debian calls postgresql/],
    ])("are not installed without leave, and it says what to do: %s", async (_, host, fix) => {
        using machine = new Sandbox();
        machine.command("apt-get", "");
        const error = await errorOf(ensure(host));
        expect(error.message).toBe("postgres and psql of the package postgresql are not on this machine.");
        expect(error.fix).toMatch(fix);
        expect(machine.calls).toEqual([]);
    });

    it("that cannot be had say what apt-get said", async () => {
        using machine = new Sandbox();
        machine.command(
            "apt-get",
            'if (args[0] === "install") { console.error("E: Unable to locate it"); process.exit(100); }',
        );
        const error = await errorOf(ensure());
        expect(error.message).toBe("postgresql cannot be installed. apt-get: E: Unable to locate it");
        expect(error.fix).toContain('"apt-get update && apt-get install --yes postgresql"');
    });

    it("that an installed package does not bring are an error, not a path to nothing", async () => {
        using machine = new Sandbox();
        machine.command("apt-get", aptGetThatInstalls("psql"));
        const error = await errorOf(ensure());
        expect(error.message).toBe("postgres of the package postgresql is not on this machine.");
        expect(error.fix).toBe("Put postgres on PATH.");
    });
});
