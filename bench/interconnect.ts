/** How the preview of a federation grows with its sites: `npm run bench -- interconnect`. */
import { join } from "node:path";
import { benchEngine } from "./support/engine.ts";
import { largeFederation, peersIn, renderMesh } from "./support/federation.ts";
import { median } from "./support/median.ts";
import { type Figure, report } from "./support/report.ts";
import { sideBySide } from "./support/sideBySide.ts";

/** Ways of connecting, each with what is rendered for a federation: the unit that time may grow with. */
const BACK_ENDS = { wireguard: { rendered: "peer", count: peersIn, render: renderMesh } } as const;
const NODES = 20;
/** The first is what an engine and a program cost by themselves; it is taken off the others. */
const SITES = [1, 10, 25, 50];
/** Each takes long enough to be told apart from chance. */
const ROUNDS = 1;
const RENDERS = 7;

using engine = await benchEngine();
const figures: Figure[] = [];
for (const [backEnd, { rendered, count, render }] of Object.entries(BACK_ENDS)) {
    const sizes = SITES.map((sites) => ({ sites, nodes: sites === 1 ? 2 : NODES, name: `${backEnd}, ${sites} sites` }));
    const candidates = await Promise.all(
        sizes.map(({ sites, nodes, name }) =>
            engine.preview({
                name,
                program: join(import.meta.dirname, "programs", "interconnect"),
                stack: "bench",
                env: { BENCH_BACK_END: backEnd, BENCH_SITES: String(sites), BENCH_NODES: String(nodes) },
            }),
        ),
    );
    const runs = await sideBySide(candidates, ROUNDS);
    const [bare, ...others] = sizes.map((size) => ({
        ...size,
        seconds: runs.get(size.name)?.seconds ?? Number.NaN,
        units: count(largeFederation(size.sites, size.nodes)),
    }));
    const costs = others.map(({ sites, seconds, units }) => ({
        sites,
        seconds,
        units,
        each: ((seconds - (bare?.seconds ?? 0)) / units) * 1000,
    }));
    const [smallest, ...larger] = costs;
    // Keys that are not made yet are unknown to a preview, which then renders nothing: what that takes is measured by itself.
    const renderMs = (sites: number, units: number) => {
        const federation = largeFederation(sites, NODES);
        const started = performance.now();
        render(federation);
        return (performance.now() - started) / units;
    };
    // The first time warms up and does not count; then the sizes take turns.
    const [, ...turns] = Array.from({ length: RENDERS + 1 }, () =>
        costs.map(({ sites, units }) => renderMs(sites, units)),
    );
    const rendering = costs.map((_, index) => median(turns.map((turn) => turn[index] ?? Number.NaN)));
    for (const [index, { sites }] of larger.entries()) {
        figures.push({
            what: `${backEnd}, ${sites} × ${NODES} nodes: rendering a ${rendered} against 10 × ${NODES}`,
            ours: rendering[index + 1] ?? Number.NaN,
            theirs: rendering[0] ?? Number.NaN,
            unit: "ms",
            target: 1,
        });
    }
    for (const { sites, seconds, units, each } of larger) {
        figures.push({
            what: `${backEnd}, ${sites} × ${NODES} nodes, ${units} ${rendered}s in ${seconds.toFixed(1)} s: preview for each against 10 × ${NODES}`,
            ours: each,
            theirs: smallest?.each ?? Number.NaN,
            unit: "ms",
            target: 1,
        });
    }
}
report(figures);
