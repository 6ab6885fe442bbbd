/**
 * What a Kubernetes cluster behind a tunnel costs: `npm run bench -- kube`. Time from `sallyport kube connect` to kubectl's first answer, a further kubectl call through the
 * tunnel against one beside the API server, and memory, with 1, 5 and 20 clusters connected at once. Takes root and Linux: the API server is in a network namespace.
 *
 * One real API server stands behind all tunnels; each has a host name, an Access application and a connector of its own.
 */

import { KubeLaptop } from "../test/e2e/support/kubernetes/kubeLaptop.ts";
import { Guarded } from "./support/kube/guarded.ts";
import { residentBytes } from "./support/kube/resident.ts";
import { median } from "./support/median.ts";
import { type Figure, report } from "./support/report.ts";

const COUNTS = [1, 5, 20];
const ROUNDS = 15;
const MIB = 2 ** 20;
const CALL = ["get", "namespaces", "-o", "name"];

type Answer = PromiseLike<{ exitCode?: number | undefined; stderr?: unknown }>;

await using guarded = await Guarded.start(Math.max(...COUNTS));
const { account, cluster, token } = guarded;
const figures: Figure[] = [];
for (const count of COUNTS) {
    figures.push(...(await measure(count)));
}
report(figures);

async function measure(count: number): Promise<Figure[]> {
    const clusters = guarded.entries.slice(0, count);
    const names = clusters.map(({ name }) => name);
    const kubeconfig = await cluster.kubeconfig("ann", ["system:masters"]);
    await using laptop = await KubeLaptop.start({ account, clusters, kubeconfig, token, kubectl: cluster.kubectl });
    const begun = performance.now();
    await using connected = await laptop.connect(...names);
    const opened = performance.now();
    await answered(laptop.kubectl(CALL));
    const first = performance.now() - begun;
    process.stderr.write(
        `${count} connected in ${(opened - begun).toFixed(0)} ms, first answer after ${first.toFixed(0)} ms\n`,
    );

    const [through, beside]: [number[], number[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round++) {
        const context = `sallyport-${names[round % count]}`;
        const call = [...CALL, "--context", context];
        const ours = await timed(() => laptop.kubectlFrom(["nsenter", "--net=/proc/self/ns/net", "--"], call));
        const theirs = await timed(() => cluster.asAdmin(CALL));
        if (round > 0) {
            through.push(ours);
            beside.push(theirs);
        }
    }
    const memory = residentBytes(connected.command.pid ?? 0);
    const of = count === 1 ? "1 cluster" : `${count} clusters`;
    return [
        {
            what: `${of}: connect to the first kubectl answer, against a call beside the API server`,
            ours: first / 1000,
            theirs: median(beside) / 1000,
            unit: "s",
        },
        {
            what: `${of}: a further kubectl call, against the same`,
            ours: median(through),
            theirs: median(beside),
            unit: "ms",
            target: 2,
        },
        {
            what: `${of}: memory of a tunnel, against cloudflared alone`,
            ours: memory.all / MIB / count,
            theirs: memory.cloudflared / MIB / count,
            unit: "MiB",
        },
    ];
}

async function timed(call: () => Answer): Promise<number> {
    const before = performance.now();
    await answered(call());
    return performance.now() - before;
}

async function answered(call: Answer): Promise<void> {
    const { exitCode, stderr } = await call;
    if (exitCode !== 0) {
        throw new Error(`kubectl ended with ${exitCode}: ${String(stderr)}`);
    }
}
