/** What the policy pack costs with 1,000 apps, and beside other programs that judge plans: `npm run bench -- policy`. */
import { join } from "node:path";
import { policyPack } from "../cli/project.ts";
import { benchEngine } from "./support/engine.ts";
import { compareWithOthers } from "./support/policy/compare.ts";
import { report } from "./support/report.ts";
import { sideBySide } from "./support/sideBySide.ts";

const program = join(import.meta.dirname, "programs", "apps");
const empty = join(import.meta.dirname, "programs", "empty-pack");
const env = { BENCH_APPS: "1000", BENCH_FORM: "ours" };

using engine = await benchEngine();
const preview = (name: string, args: string[]) => engine.preview({ name, program, stack: "bench", env, args });
const runs = await sideBySide(
    [
        await preview("our pack", ["--policy-pack", policyPack, "--policy-pack-config", join(program, "policy.json")]),
        await preview("empty pack", ["--policy-pack", empty]),
        await preview("no pack", []),
    ],
    3,
);
const seconds = (name: string) => runs.get(name)?.seconds ?? Number.NaN;
report([
    {
        what: "1000 apps: our pack against an empty pack",
        ours: seconds("our pack"),
        theirs: seconds("empty pack"),
        unit: "s",
        target: 1.1,
    },
    { what: "1000 apps: our pack against none", ours: seconds("our pack"), theirs: seconds("no pack"), unit: "s" },
    {
        what: "1000 apps: an empty pack against none",
        ours: seconds("empty pack"),
        theirs: seconds("no pack"),
        unit: "s",
    },
    ...(await compareWithOthers()),
]);
