import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { readIfThere } from "../../cli/local/files.ts";
import { Background, type BackgroundOptions } from "../../cli/processes/background.ts";
import { identityOf } from "../../cli/processes/identity.ts";

/** Says that it is ready in a file, and ends when it is asked to. */
const WILLING = 'require("fs").writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000);';
/** The same, but it does not listen. */
const STUBBORN = `process.on("SIGTERM", () => {}); ${WILLING}`;

/** A keeper with a folder of its own; whatever it keeps at the end is ended. */
function setUp(limits: BackgroundOptions["limits"] = {}) {
    const folder = mkdtempSync(join(tmpdir(), "sallyport-background-"));
    const files = { record: join(folder, "a.pid.json"), log: join(folder, "a.log") };
    const said = join(folder, "ready");
    const background = new Background({ name: "the test process", ...files, limits });
    const launch = (code = WILLING, reads: string[] = []) => ({
        command: process.execPath,
        args: ["-e", code, said],
        cwd: folder,
        reads,
    });
    /** The id that the running process has said. */
    const ready = async () => (readIfThere(said) === String(background.pid) ? background.pid : undefined);
    const dispose = async () => {
        await background.stop();
        rmSync(folder, { recursive: true });
    };
    return { background, launch, ready, files, said, [Symbol.asyncDispose]: dispose };
}

describe("a background process", () => {
    it("is started once, and found again by another command", async () => {
        await using setup = setUp();
        const { background, launch, ready, files } = setup;
        const pid = await background.ensure(launch(), ready);
        expect(await background.ensure(launch(), ready)).toBe(pid);
        const other = new Background({ name: "the same", ...files });
        expect(other.pid).toBe(pid);
        expect(statSync(files.record).mode & 0o077).toBe(0);
        expect(statSync(files.log).mode & 0o077).toBe(0);
    });

    it.each([
        ["arguments", (setup: Setup) => setup.launch(`${WILLING}//`)],
        ["files", (setup: Setup) => setup.launch(WILLING, ["another content"])],
    ])("is started anew with other %s", async (_, changed) => {
        await using setup = setUp();
        const { background, launch, ready } = setup;
        const before = await background.ensure(launch(), ready);
        const after = await background.ensure(changed(setup), ready);
        expect(after).not.toBe(before);
        expect(identityOf(before)).toBeUndefined();
    });

    it("comes back after it was killed", async () => {
        await using setup = setUp();
        const { background, launch, ready } = setup;
        const before = await background.ensure(launch(), ready);
        process.kill(before, "SIGKILL");
        await vi.waitFor(() => expect(identityOf(before)).toBeUndefined());
        const after = await background.ensure(launch(), ready);
        expect(after).not.toBe(before);
    });

    it("is replaced when it runs but does not answer any more", async () => {
        await using setup = setUp({ answerMs: 100 });
        const { background, launch, ready, said } = setup;
        const before = await background.ensure(launch(), ready);
        writeFileSync(said, "nothing");
        const after = await background.ensure(launch(), ready);
        expect(after).not.toBe(before);
        expect(identityOf(before)).toBeUndefined();
    });

    it("is killed when it does not end on request, and leaves no record", async () => {
        await using setup = setUp({ stopMs: 100 });
        const { background, launch, ready, files } = setup;
        const pid = await background.ensure(launch(STUBBORN), ready);
        await background.stop();
        expect(identityOf(pid)).toBeUndefined();
        expect(existsSync(files.record)).toBe(false);
    });

    it("is never mistaken for another process that got its id", async () => {
        await using setup = setUp();
        const { background, launch, ready, files } = setup;
        await background.ensure(launch(), ready);
        const recorded = JSON.parse(readFileSync(files.record, "utf8")) as object;
        await background.stop();
        const stranger = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
        writeFileSync(files.record, JSON.stringify({ ...recorded, pid: stranger.pid }));
        expect(background.pid).toBeUndefined();
        await background.stop();
        expect(identityOf(stranger.pid ?? 0)).toBeDefined();
        stranger.kill("SIGKILL");
        await once(stranger, "exit");
    });

    it("that ends before it is ready tells its last words", async () => {
        await using setup = setUp();
        const { background, launch, ready, files } = setup;
        const failing = launch('console.error("error: no luck today"); console.error("bye"); process.exit(3)');
        await expect(background.ensure(failing, ready)).rejects.toMatchObject({
            message: "the test process ended before it was ready: no luck today",
            fix: `read ${files.log}`,
        });
        expect(existsSync(files.record)).toBe(false);
    });

    it("that never gets ready is ended", async () => {
        await using setup = setUp({ startMs: 200 });
        const { background, launch } = setup;
        const seen: (number | undefined)[] = [];
        const never = async () => void seen.push(background.pid);
        await expect(background.ensure(launch(), never)).rejects.toThrow(/was not ready within 0.2 s: it said nothing/);
        expect(seen[0]).toBeDefined();
        expect(identityOf(seen[0] ?? 0)).toBeUndefined();
    });

    it("whose command is not there says which", async () => {
        await using setup = setUp();
        const { background, launch, ready } = setup;
        const missing = { ...launch(), command: "/nowhere/cloudflared" };
        await expect(background.ensure(missing, ready)).rejects.toThrow("/nowhere/cloudflared cannot be run");
    });
});

type Setup = ReturnType<typeof setUp>;
