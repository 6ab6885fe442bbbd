/**
 * What the daemon that publishes labelled services costs as their number grows: `npm run bench -- swarm`. It needs Docker and the local environment's
 * ports. `--services=10,100` chooses the numbers.
 */
import { setTimeout as delay } from "node:timers/promises";
import Docker from "dockerode";
import { LabelledServices } from "../test/e2e/support/labelledServices.ts";
import { WatchDaemon } from "../test/e2e/support/watchDaemon.ts";
import { objectsOf, stopServices } from "../toolchain/docker/index.ts";
import { median } from "./support/median.ts";
import { type Figure, report } from "./support/report.ts";
import { metric, processesOf, processorSeconds, residentBytes } from "./support/swarm/daemonFigures.ts";
import { benchEnvironment } from "./support/swarm/environment.ts";
import { oneStackAgainstSmallOnes } from "./support/swarm/oneStack.ts";

const counts = (process.argv.find((arg) => arg.startsWith("--services="))?.split("=")[1] ?? "10,100,300")
    .split(",")
    .map(Number);
const ROUNDS = 3;
const EVENTS = 1_000;
/** Services whose labels change, one after the other, and how often: so that the daemon has time for a good part of the changes. */
const CHANGING = 10;
const CHANGE_EVERY_MS = 100;
const IDLE_SECONDS = 60;
/** A login redirect within so many seconds is what the issue asks for, with 100 services. */
const REDIRECT_SECONDS = 5;
const LOOK_EVERY_MS = 20;
const EXPOSURES = "sallyport_swarm_exposures";
const UNDER_WAY = "sallyport_swarm_changes_running";
const WAITING = "sallyport_swarm_changes_waiting";
const AUDIENCES = ["developers", "robots", "developers,robots"];

const docker = new Docker();
const hostnameOf = (name: string) => `${name}.sallyport.localhost`;
const say = (text: string) => process.stderr.write(`${text}\n`);

// Their network goes last: connectors are on it until the environment is down.
await using services = await LabelledServices.open(docker, "bench");
await using environment = await benchEnvironment();
await using daemon = new WatchDaemon(["--parallel", "4"], environment.folder);
const status = await watching();
const figures: Figure[] = [];
let published = 0;
for (const count of counts) {
    while (published < count) {
        const name = `bench-${published++}`;
        await services.set(name, { hostname: hostnameOf(name), audience: "developers" });
    }
    await until(async () => {
        await restConnectors();
        const exposed = await metric(status, EXPOSURES);
        say(`${exposed} of ${count} services are published`);
        return exposed >= count;
    }, 2_000);
    figures.push({
        what: `${count} services: median time to the first login redirect`,
        ours: await medianRedirect(),
        theirs: REDIRECT_SECONDS,
        unit: "s",
        ...(count <= 100 ? { target: 1 } : {}),
    });
}
figures.push(await idleCost(), ...(await memoryOverEvents()));
figures.push(...(await oneStackAgainstSmallOnes([10, 100])));
report(figures);

/** URL of the daemon's metrics. */
async function watching(): Promise<string> {
    await until(async () => daemon.status !== undefined, 100);
    return daemon.status ?? "";
}

/** The connectors of services that are only there to be many: on one machine their health checks alone would keep it busy. */
async function restConnectors(): Promise<void> {
    const done = daemon.events.flatMap((event) => (event.event === "exposed" ? [event.exposure] : []));
    const { services: all } = await objectsOf(docker, "local");
    const busy = all.filter(
        ({ name, replicas }) => replicas.running > 0 && done.some((exposure) => name.startsWith(`${exposure}-`)),
    );
    await stopServices(docker, busy);
}

/** From before `docker service create` to the first redirect to the login page, in seconds. */
async function medianRedirect(): Promise<number> {
    const seconds: number[] = [];
    for (let round = 0; round <= ROUNDS; round++) {
        const name = `bench-round-${published}-${round}`;
        const before = await metric(status, EXPOSURES);
        const started = performance.now();
        await services.set(name, { hostname: hostnameOf(name), audience: "developers" });
        await until(async () => (await environment.visit(hostnameOf(name))) === 302, LOOK_EVERY_MS);
        const took = (performance.now() - started) / 1_000;
        say(`round ${round} of ${ROUNDS}: ${took.toFixed(2)} s`);
        // The first one warms caches.
        if (round > 0) seconds.push(took);
        await until(async () => (await metric(status, EXPOSURES)) > before, 500);
        await services.set(name, undefined);
        await until(async () => (await metric(status, EXPOSURES)) === before, 500);
    }
    return median(seconds);
}

async function idleCost(): Promise<Figure> {
    // What ends meanwhile is counted with whoever has waited for it.
    const soFar = () => processorSeconds(...processesOf(daemon.pid));
    const before = soFar();
    await delay(IDLE_SECONDS * 1_000);
    const used = soFar() - before;
    const what = `processor time of the idle daemon and all that it keeps running, with ${published} services`;
    return { what, ours: (100 * used) / IDLE_SECONDS, theirs: 1, unit: "% of a core", target: 1 };
}

/**
 * Resident memory after all changes of labels, against that after a tenth of them, when what is needed once has been loaded: of the daemon, and of all
 * that it keeps running. Published services change who may enter, so that each change has the engine update their stacks; what changes again before its
 * turn has come is updated once.
 */
async function memoryOverEvents(): Promise<Figure[]> {
    const change = (step: number) => {
        const name = `bench-${step % Math.min(CHANGING, published)}`;
        return services.set(name, { hostname: hostnameOf(name), audience: AUDIENCES[step % AUDIENCES.length] ?? "" });
    };
    const rest = async () => {
        await until(async () => (await metric(status, UNDER_WAY)) + (await metric(status, WAITING)) === 0, 500);
        return { own: residentBytes(daemon.pid), all: residentBytes(...processesOf(daemon.pid)) };
    };
    const updatesBefore = daemon.events.length;
    let early = { own: Number.NaN, all: Number.NaN };
    for (let step = 1; step <= EVENTS; step++) {
        await Promise.all([change(step), delay(CHANGE_EVERY_MS)]);
        if (step === EVENTS / 10) early = await rest();
    }
    const late = await rest();
    say(`${EVENTS} changes of labels led to ${daemon.events.length - updatesBefore} updates by the engine`);
    const after = `after ${EVENTS} changes of labels, against ${EVENTS / 10}`;
    const figure = (what: string, ours: number, theirs: number): Figure => ({
        ...{ what: `${what} ${after}`, ours: ours / 2 ** 20, theirs: theirs / 2 ** 20, unit: "MiB", target: 1.1 },
    });
    return [
        figure("the daemon's memory", late.own, early.own),
        figure("memory of the daemon and all that it keeps running", late.all, early.all),
    ];
}

async function until(isDone: () => Promise<boolean>, everyMs: number): Promise<void> {
    while (!(await isDone())) await delay(everyMs);
}
