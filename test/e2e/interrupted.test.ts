import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, expect, it } from "vitest";
import { localFiles } from "../../cli/local/files.ts";
import type { LocalStatus } from "../../cli/local/status.ts";
import { projectDir } from "../../cli/project.ts";
import { objectsOf } from "../../toolchain/docker/index.ts";
import { sallyport } from "../support/cli.ts";
import { generator } from "../support/random.ts";
import { unusedObjects } from "./support/unusedObjects.ts";

const docker = new Docker();
const MOMENTS = 10;
/** An uninterrupted update takes about this long; the moments are spread over it, in milliseconds. */
const SPAN_MS = 12_000;
/** Other moments in each run of the tests; the seed is in the test's name, so that a failure can be repeated. */
const seed = Number(process.env.SALLYPORT_SEED ?? Date.now() % 100_000);

afterAll(async () => {
    await sallyport(["local", "down"]);
});

it(`converges after kill -9 at ${MOMENTS} moments, and nothing is orphaned (SALLYPORT_SEED=${seed})`, async () => {
    const random = generator(seed);
    for (let moment = 0; moment < MOMENTS; moment++) {
        await killedUp(Math.round(((moment + random()) / MOMENTS) * SPAN_MS), moment % 2 === 0 ? "group" : "command");
        // From the second half on, updates begin from something that is already there.
        if (moment === MOMENTS / 2) {
            await sallyport(["local", "up", "--yes"]);
            await sallyport(["local", "down"]);
        }
    }
    const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
    expect(exitCode, String(stderr)).toBe(0);

    const again = await sallyport(["local", "up", "--yes"]);
    expect(String(again.stderr)).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted/);
    const objects = await objectsOf(docker, "local");
    expect(objects.services).toHaveLength(3);
    expect(objects.networks).toHaveLength(3);
    const { stdout } = await sallyport(["local", "status", "--json"]);
    expect((JSON.parse(String(stdout)) as LocalStatus).tunnels).toHaveLength(1);
    expect(await unusedObjects(docker, objects)).toEqual([]);
    expect(readFileSync(localFiles.emulatorState, "utf8").match(/demo\.sallyport\.localhost/g)?.length).toBeGreaterThan(
        0,
    );
}, 900_000);

/** Starts `local up` in a process group of its own, and kills the group, or the command alone while its engine goes on. */
async function killedUp(afterMs: number, victim: "group" | "command"): Promise<void> {
    const args = [join(projectDir, "cli", "bin.js"), "local", "up", "--yes"];
    const child = spawn(process.execPath, args, { cwd: projectDir, stdio: "ignore", detached: true });
    const exited = once(child, "exit");
    await Promise.race([delay(afterMs), exited]);
    if (child.exitCode === null && child.pid !== undefined) {
        process.kill(victim === "group" ? -child.pid : child.pid, "SIGKILL");
        await exited;
    }
}

it("leaves nothing behind after all that", async () => {
    await sallyport(["local", "down"]);
    expect(existsSync(localFiles.root)).toBe(false);
    expect(await objectsOf(docker, "local")).toEqual({ services: [], networks: [], secrets: [], configs: [] });
});
