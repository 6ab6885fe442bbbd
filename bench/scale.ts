/**
 * What many applications cost: `npm run bench -- scale`. One stack in several sizes, one of them deployed at the emulated API, and a whole
 * fleet of stacks previewed. `--only=sizes` runs one part; with `--record` its data, their plot and their tables are kept.
 */
import { parseArgs } from "node:util";
import { CloudflareEmulator } from "../emulator/index.ts";
import { report } from "./support/report.ts";
import { SCALE_PARTS, type ScaleData, type ScalePart } from "./support/scale/data.ts";
import { figuresOf } from "./support/scale/figures.ts";
import { fleet } from "./support/scale/fleet.ts";
import { keep, keptScale } from "./support/scale/kept.ts";
import { ScaleBench } from "./support/scale/operations.ts";

/** More than any operation here makes. */
const REMEMBERED_REQUESTS = 100_000;

const { values } = parseArgs({
    options: {
        apps: { type: "string", default: "10000" },
        stacks: { type: "string", default: "20" },
        accounts: { type: "string", default: "5" },
        deployed: { type: "string", default: "250" },
        sizes: { type: "string", default: "10,50,100,250,500,1000" },
        seed: { type: "string", default: "1" },
        only: { type: "string" },
        json: { type: "boolean", default: false },
        record: { type: "boolean", default: false },
    },
});
const [apps, stacks, accounts, deployed, seed] = (["apps", "stacks", "accounts", "deployed", "seed"] as const).map(
    (name) => {
        if (!/^[1-9]\d*$/.test(values[name])) throw new Error(`--${name}: "${values[name]}" is not a number above 0`);
        return Number(values[name]);
    },
) as [number, number, number, number, number];
const parts = SCALE_PARTS.filter((part) => values.only === undefined || values.only === part);
if (parts.length === 0) throw new Error(`--only: "${values.only}" is none of ${SCALE_PARTS.join(", ")}`);

const whole = fleet({ apps, stacks, accounts, seed });
const [first, ...furtherAccounts] = whole.accounts;
await using emulator = await CloudflareEmulator.start({
    accountId: first?.id,
    zones: first?.zones,
    team: first?.team,
    furtherAccounts,
    requestLogLimit: REMEMBERED_REQUESTS,
});
using bench = await ScaleBench.open(emulator);
const measure: { [Part in ScalePart]: (known: Partial<ScaleData>) => Promise<ScaleData[Part]> } = {
    sizes: () => bench.sizes(values.sizes.split(",").map(Number), seed),
    deployment: () => bench.deployment(fleet({ apps: deployed, stacks: 1, accounts, seed })),
    fleet: async ({ sizes }) => {
        if (sizes === undefined) throw new Error("What a stack takes is not known yet: run the sizes first.");
        return { apps, accounts, ...(await bench.fleet(whole.stacks, sizes)) };
    },
};
const data = keptScale().data;
for (const part of parts) {
    const measured = { [part]: await measure[part](data) };
    Object.assign(data, measured);
    if (values.record) keep(measured);
}
report(figuresOf(data));
