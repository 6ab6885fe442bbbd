/**
 * What the way through the edge costs: `npm run bench -- edge`. Client → edge → cloudflared → Traefik → service, against the same with a bare proxy
 * in the edge's place, and against Traefik → service. Each part is a process of its own, on loopback.
 */
import { HOSTNAME, HOSTNAMES } from "./support/edge/description.ts";
import { Client, type Load } from "./support/edge/load.ts";
import { EdgePath } from "./support/edge/path.ts";
import { BenchProcess } from "./support/edge/process.ts";
import type { ServiceDescription } from "./support/edge/service.ts";
import { startTraefik, TRAEFIK_NAME } from "./support/edge/traefik.ts";
import { type Figure, report } from "./support/report.ts";

const MIB = 2 ** 20;
const REQUESTS = 5000;
const ROUNDS = 7;
/** Rounds that do not count: until V8 has compiled all of the way, some 30,000 requests (`--trace-opt`). */
const WARM_UP_ROUNDS = 6;
const STREAMED = 1024 * MIB;
/** What is streamed first, so that what any stream costs is there already. */
const WARM_UP_STREAMED = 64 * MIB;
const SOCKETS = 1000;

await using parts = new AsyncDisposableStack();
const service = parts.use(await BenchProcess.start<ServiceDescription>("service.ts"));
const traefik = parts.use(await startTraefik(HOSTNAMES, `http://127.0.0.1:${service.description.port}`));
const ours = parts.use(await EdgePath.start("ourEdge.ts", traefik));
const laden = parts.use(await EdgePath.start("bareEdge.ts", traefik, await ours.carried()));
const bare = parts.use(await EdgePath.start("bareEdge.ts", traefik));
const direct = parts.use(
    new Client({
        port: traefik.port,
        serverName: TRAEFIK_NAME,
        hostname: HOSTNAME,
        caPem: traefik.caPem,
        credentials: {},
    }),
);

/** One measured round. */
interface Round extends Load {
    /** Processor time of the edge for a request, in microseconds. */
    readonly edgeMicroseconds: number;
}

/** Takes turns, round after round, so that the machine's moods hit all alike. */
async function loadInTurn(): Promise<Record<"ours" | "laden" | "bare" | "direct", Round>> {
    const candidates = { ours, laden, bare, direct: { client: direct, edge: undefined } };
    const rounds: Record<keyof typeof candidates, Round[]> = { ours: [], laden: [], bare: [], direct: [] };
    for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round++) {
        for (const name of ["ours", "laden", "bare", "direct"] as const) {
            const { client, edge } = candidates[name];
            const before = edge?.cpuSeconds() ?? 0;
            const load = await client.load(REQUESTS);
            const edgeMicroseconds = (((edge?.cpuSeconds() ?? 0) - before) / REQUESTS) * 1e6;
            process.stderr.write(
                `round ${round} of ${ROUNDS}: ${name} ${load.requestsPerSecond.toFixed(0)} requests/s\n`,
            );
            if (round > 0) {
                rounds[name].push({ ...load, edgeMicroseconds });
            }
        }
    }
    return {
        ours: middle(rounds.ours),
        laden: middle(rounds.laden),
        bare: middle(rounds.bare),
        direct: middle(rounds.direct),
    };
}

function middle(rounds: readonly Round[]): Round {
    const median = (of: (round: Round) => number) =>
        rounds.map(of).toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
    return {
        requestsPerSecond: median(({ requestsPerSecond }) => requestsPerSecond),
        p50: median(({ p50 }) => p50),
        p99: median(({ p99 }) => p99),
        edgeMicroseconds: median(({ edgeMicroseconds }) => edgeMicroseconds),
    };
}

/** Streams a little, then a lot: how fast the lot went, and the most memory that either took. */
async function streamed({ edge }: EdgePath, stream: (bytes: number) => Promise<void>) {
    const little = await edge.peakDuring(() => stream(WARM_UP_STREAMED));
    const started = performance.now();
    const lot = await edge.peakDuring(() => stream(STREAMED));
    const seconds = (performance.now() - started) / 1000;
    return { little: little / MIB, lot: lot / MIB, perSecond: STREAMED / MIB / seconds };
}

/** What one idle WebSocket takes of the edge's memory, in KiB. The edge must be fresh: memory that it gave back to itself would not be seen. */
async function socketMemory({ edge, client }: EdgePath): Promise<number> {
    await client.withWebSockets(1, async () => {});
    const before = await edge.settledMemory();
    const held = await client.withWebSockets(SOCKETS, () => edge.settledMemory());
    return (held - before) / SOCKETS / 1024;
}

const sockets: Figure = {
    what: `${SOCKETS} idle WebSockets: memory of one against a bare proxy`,
    ours: await socketMemory(ours),
    theirs: await socketMemory(bare),
    unit: "KiB",
};
const rounds = await loadInTurn();
const against = (name: string, theirs: Round, target?: number): Figure[] => [
    {
        what: `throughput against ${name}`,
        ours: rounds.ours.requestsPerSecond,
        theirs: theirs.requestsPerSecond,
        unit: "requests/s",
        ...(target === undefined ? {} : { target, isAtLeast: true }),
    },
    { what: `p50 against ${name}`, ours: rounds.ours.p50, theirs: theirs.p50, unit: "ms" },
    { what: `p99 against ${name}`, ours: rounds.ours.p99, theirs: theirs.p99, unit: "ms" },
];
const processorTime = (name: string, theirs: Round): Figure => ({
    what: `the edge's processor time for a request against ${name}`,
    ours: rounds.ours.edgeMicroseconds,
    theirs: theirs.edgeMicroseconds,
    unit: "µs",
});
const figures: Figure[] = [
    ...against("a bare proxy that carries the same headers", rounds.laden, 0.8),
    processorTime("the same", rounds.laden),
    ...against("a bare proxy that adds none", rounds.bare),
    processorTime("the same", rounds.bare),
    ...against("Traefik alone", rounds.direct),
];
for (const way of ["download", "upload"] as const) {
    const mine = await streamed(ours, (bytes) => ours.client[way](bytes));
    const theirs = await streamed(bare, (bytes) => bare.client[way](bytes));
    figures.push(
        {
            what: `1 GiB ${way} against a bare proxy`,
            ours: mine.perSecond,
            theirs: theirs.perSecond,
            unit: "MiB/s",
        },
        {
            what: `1 GiB ${way}: peak memory against 64 MiB's`,
            ours: mine.lot,
            theirs: mine.little,
            unit: "MiB",
            target: 1.25,
        },
    );
}
report([...figures, sockets]);
