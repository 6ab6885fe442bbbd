import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openOwner } from "../../cli/swarm/owner.ts";
import { objectsOf } from "../../toolchain/docker/index.ts";
import { silentProgress } from "../../toolchain/index.ts";
import { sallyport } from "../support/cli.ts";
import { generator } from "../support/random.ts";
import { AccountWitness } from "./support/accountWitness.ts";
import { LabelledServices, type Labels } from "./support/labelledServices.ts";
import { startSocketProxy } from "./support/socketProxy.ts";
import { unusedObjects } from "./support/unusedObjects.ts";
import { WatchDaemon } from "./support/watchDaemon.ts";

/** How often labels change; 50 when somebody has the time. */
const CHANGES = Number(process.env.SALLYPORT_SWARM_CHANGES ?? 10);
/** Other moments in each run of the tests; the seed is in the test's name, so that a failure can be repeated. */
const seed = Number(process.env.SALLYPORT_SEED ?? Date.now() % 100_000);

const SERVICES = ["killed-one", "killed-two", "killed-three"];
const NAMES = ["killed-a", "killed-b", "killed-c", "killed-d"].map((name) => `${name}.sallyport.localhost`);
const AUDIENCES = ["developers", "robots", "developers,robots"];
/** A grant may be written so long after labels asked for something else: an update under way, and one that was begun anew. */
const LATE_MS = 60_000;

const docker = new Docker();

beforeAll(async () => {
    const { exitCode, stderr } = await sallyport(["local", "up", "--yes"]);
    expect(exitCode, String(stderr)).toBe(0);
});

afterAll(async () => {
    await sallyport(["local", "down"]);
});

it(`is killed at random during ${CHANGES} label changes, converges, orphans nothing, and never grants more than labels ask for (SALLYPORT_SEED=${seed})`, async () => {
    const random = generator(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const { api, policyIds } = await openOwner("local", silentProgress);
    await using services = await LabelledServices.open(docker, "killed-test");
    await using account = await AccountWitness.open(api);
    await using proxy = await startSocketProxy();
    const watching = () => new WatchDaemon(["--read-from", proxy.address]);
    let daemon = watching();
    try {
        let killAt = performance.now() + 2_000 + random() * 6_000;
        for (let change = 0; change < CHANGES; change++) {
            // Each service keeps to names of its own but for the last one, over which they quarrel.
            const index = Math.floor(random() * SERVICES.length);
            const hostname = random() < 0.7 ? (NAMES[index] as string) : (NAMES.at(-1) as string);
            await services.set(
                SERVICES[index] as string,
                random() < 0.25 ? undefined : { hostname, audience: pick(AUDIENCES) },
            );
            await delay(200 + random() * 1_500);
            if (performance.now() > killAt) {
                await daemon.kill(pick(["group", "daemon"] as const));
                daemon = watching();
                killAt = performance.now() + 2_000 + random() * 6_000;
            }
        }
        const final: Record<string, Labels | undefined> = {
            "killed-one": { hostname: NAMES[0] as string, audience: "developers" },
            "killed-two": { hostname: NAMES[1] as string, audience: "robots" },
            "killed-three": undefined,
        };
        for (const name of SERVICES) await services.set(name, final[name]);
        const wanted = { [NAMES[0] as string]: policyIds.developers, [NAMES[1] as string]: policyIds.robots };
        await expect
            .poll(() => account.published(NAMES), { timeout: 120_000, interval: 250 })
            .toEqual(Object.fromEntries(Object.entries(wanted).map(([name, ids]) => [name, ids?.toSorted()])));
    } finally {
        await daemon.stop();
    }

    // Whatever was still under way is finished, and then there is nothing to do.
    const once = await sallyport(["swarm", "watch", "local", "--once"]);
    expect(once.exitCode, String(once.stderr)).toBe(0);
    const { stdout } = await sallyport(["swarm", "ls", "local", "--json"]);
    const listed = JSON.parse(String(stdout)) as { service: string; state: string }[];
    expect(listed.map(({ service, state }) => `${service} ${state}`)).toEqual([
        "killed-one exposed",
        "killed-two exposed",
    ]);

    // Nothing is orphaned: tunnels, applications, connectors, their secrets and configs.
    const left = await account.objects();
    expect(left.applications.filter((domain) => NAMES.includes(domain))).toEqual([NAMES[0], NAMES[1]]);
    expect(left.tunnels.filter((name) => name.includes("killed"))).toHaveLength(2);
    const objects = await objectsOf(docker, "local");
    expect(objects.services.filter(({ name }) => name.startsWith("killed-"))).toHaveLength(2);
    expect(await unusedObjects(docker, objects)).toEqual([]);

    // At no moment did anybody get what labels did not ask for.
    expect(account.unguarded).toEqual([]);
    const grants = account.grants.filter(({ hostname }) => NAMES.includes(hostname));
    expect(grants.length).toBeGreaterThan(0);
    expect(grants.filter((grant) => !services.askedFor(grant, policyIds, LATE_MS))).toEqual([]);

    for (const name of SERVICES) await services.set(name, undefined);
    expect((await sallyport(["swarm", "watch", "local", "--once"])).exitCode).toBe(0);
    const own = await objectsOf(docker, "local");
    expect(own.services.filter(({ name }) => name.startsWith("killed-"))).toEqual([]);
}, 900_000);
