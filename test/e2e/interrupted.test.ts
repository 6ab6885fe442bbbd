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
/** Taking it down has begun and is not over within so long, in milliseconds. */
const DOWN_SPAN_MS = 5_000;
/** Other moments in each run of the tests; the seed is in the test's name, so that a failure can be repeated. */
const seed = Number(process.env.SALLYPORT_SEED ?? Date.now() % 100_000);

afterAll(async () => {
    await sallyport(["local", "down"]);
});

it(`converges after kill -9 at ${MOMENTS} moments, and nothing is orphaned (SALLYPORT_SEED=${seed})`, async () => {
    const random = generator(seed);
    const began = performance.now();
    expect((await sallyport(["local", "up", "--yes"])).exitCode).toBe(0);
    // The moments are spread over what an update takes that is not interrupted.
    const span = performance.now() - began;
    await killed("down", random() * DOWN_SPAN_MS, "group");
    for (let moment = 0; moment < MOMENTS; moment++) {
        await killed("up", ((moment + random()) / MOMENTS) * span, moment % 2 === 0 ? "group" : "command");
        // Those before it begin from what was there, those after it from nothing.
        if (moment === MOMENTS / 2 - 1) await sallyport(["local", "down"]);
    }
    const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
    expect(exitCode, String(stderr)).toBe(0);

    const again = await sallyport(["local", "up", "--yes"]);
    expect(String(again.stderr)).toMatch(/0 created, 0 updated, 0 replaced, 0 deleted/);
    const objects = await objectsOf(docker, "local");
    expect(objects.services.map(({ replicas: { running, desired } }) => `${running} of ${desired}`)).toEqual([
        "1 of 1",
        "2 of 2",
        "2 of 2",
    ]);
    expect(objects.networks).toHaveLength(3);
    const { stdout } = await sallyport(["local", "status", "--json"]);
    expect((JSON.parse(String(stdout)) as LocalStatus).tunnels).toHaveLength(1);
    expect(await unusedObjects(docker, objects)).toEqual([]);
    expect(readFileSync(localFiles.emulatorState, "utf8").match(/demo\.sallyport\.localhost/g)?.length).toBeGreaterThan(
        0,
    );
}, 900_000);

/** Starts a command in a process group of its own, and kills the group, or the command alone while its engine goes on. */
async function killed(command: "up" | "down", afterMs: number, victim: "group" | "command"): Promise<void> {
    const options = command === "up" ? ["--yes"] : [];
    const args = [join(projectDir, "cli", "bin.js"), "local", command, ...options];
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
