/** What our components cost as the number of apps grows: `npm run bench -- apps`. */
import { join } from "node:path";
import { benchEngine } from "./support/engine.ts";
import { type Figure, report } from "./support/report.ts";
import { sideBySide } from "./support/sideBySide.ts";

const program = join(import.meta.dirname, "programs", "apps");
const forms = ["ours", "bare", "raw"] as const;
const rounds = 3;

using engine = await benchEngine();
const figures: Figure[] = [];
for (const apps of [100, 300, 1000]) {
    const candidates = await Promise.all(
        forms.map((form) =>
            engine.preview({
                name: `${form} ${apps}`,
                program,
                stack: "bench",
                env: { BENCH_APPS: String(apps), BENCH_FORM: form },
            }),
        ),
    );
    const runs = await sideBySide(candidates, rounds);
    const of = (form: string) =>
        runs.get(`${form} ${apps}`) ?? {
            seconds: Number.NaN,
            largestMiB: Number.NaN,
            sumMiB: Number.NaN,
            processorSeconds: Number.NaN,
        };
    const [ours, bare, raw] = [of("ours"), of("bare"), of("raw")];
    figures.push(
        {
            what: `${apps} apps: time against bare components`,
            ours: ours.seconds,
            theirs: bare.seconds,
            unit: "s",
            target: 1.1,
        },
        {
            what: `${apps} apps: memory against bare components`,
            ours: ours.sumMiB,
            theirs: bare.sumMiB,
            unit: "MiB",
            target: 1.1,
        },
        {
            what: `${apps} apps: time against raw resources`,
            ours: ours.seconds,
            theirs: raw.seconds,
            unit: "s",
            target: 1.4,
        },
    );
}
report(figures);
