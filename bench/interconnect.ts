/** How the preview of a federation grows with its sites: `npm run bench -- interconnect`. */
import { join } from "node:path";
import type { Federation } from "../components/interconnect/federation.ts";
import { benchEngine } from "./support/engine.ts";
import { largeFederation, pairsIn, peersIn, renderMesh } from "./support/federation.ts";
import { median } from "./support/median.ts";
import { type Figure, report } from "./support/report.ts";
import { sideBySide } from "./support/sideBySide.ts";

/** A way of connecting: the unit that time may grow with, and what renders all of it where that takes no engine. */
interface BackEnd {
    rendered: string;
    count(federation: Federation): number;
    render?: (federation: Federation) => void;
}

/** WireGuard's program sets up all sites; with the other two an owner's program has a site of its own, in a federation of so many. */
const BACK_ENDS: Readonly<Record<string, BackEnd>> = {
    wireguard: { rendered: "peers", count: peersIn, render: renderMesh },
    "mutual-tls": { rendered: "pairs of nodes", count: pairsIn },
    consul: { rendered: "pairs of nodes", count: pairsIn },
};
const NODES = 20;
/** The first is what an engine and a program cost by themselves; it is taken off the others. */
const SITES = [1, 10, 25, 50];
/** Each takes long enough to be told apart from chance. */
const ROUNDS = 1;
const RENDERS = 7;

using engine = await benchEngine();
const figures: Figure[] = [];
for (const [name, backEnd] of Object.entries(BACK_ENDS)) {
    if (backEnd.render !== undefined) figures.push(...renderingFigures(name, backEnd, backEnd.render));
    figures.push(...(await previewFigures(name, backEnd)));
}
report(figures);

async function previewFigures(backEnd: string, { rendered, count }: BackEnd): Promise<Figure[]> {
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
    const [smallest, ...larger] = others.map((size) => ({
        ...size,
        each: ((size.seconds - (bare?.seconds ?? 0)) / size.units) * 1000,
    }));
    return larger.map(({ sites, seconds, units, each }) => ({
        what: `${backEnd}, ${sites} × ${NODES} nodes, ${units} ${rendered} in ${seconds.toFixed(1)} s: preview for each against 10 × ${NODES}`,
        ours: each,
        theirs: smallest?.each ?? Number.NaN,
        unit: "ms",
        target: 1,
    }));
}

/** Keys that are not made yet are unknown to a preview, which then renders nothing: what that takes is measured by itself. */
function renderingFigures(
    backEnd: string,
    { rendered, count }: BackEnd,
    render: (federation: Federation) => void,
): Figure[] {
    const federations = SITES.slice(1).map((sites) => ({ sites, federation: largeFederation(sites, NODES) }));
    const millisecondsEach = (federation: Federation) => {
        const started = performance.now();
        render(federation);
        return (performance.now() - started) / count(federation);
    };
    // The first turn warms up and does not count; then the sizes take turns.
    const [, ...turns] = Array.from({ length: RENDERS + 1 }, () =>
        federations.map(({ federation }) => millisecondsEach(federation)),
    );
    const [smallest, ...larger] = federations.map(({ sites }, index) => ({
        sites,
        each: median(turns.map((turn) => turn[index] ?? Number.NaN)),
    }));
    return larger.map(({ sites, each }) => ({
        what: `${backEnd}, ${sites} × ${NODES} nodes: rendering each of the ${rendered} against 10 × ${NODES}`,
        ours: each,
        theirs: smallest?.each ?? Number.NaN,
        unit: "ms",
        target: 1.1,
    }));
}
