import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectDir } from "../../../cli/project.ts";
import { writeRecordedPart } from "../record/block.ts";
import { machineText } from "../record/machine.ts";
import { SCALE_PARTS, type ScaleData, type ScalePart } from "./data.ts";
import { plot } from "./plot.ts";
import { scaleMarkdown } from "./tables.ts";

const DATA = join(projectDir, "bench", "scale.json");
const PLOT = join(projectDir, "docs", "pictures", "scale.svg");
/** The page that shows both. */
export const SCALE_PAGE = join(projectDir, "docs", "scale.md");

/** What is committed: parts, each with the day and the machine of its run. */
export interface KeptScale {
    measured: Partial<Record<ScalePart, string>>;
    data: Partial<ScaleData>;
}

/** Puts the parts that were just measured in the place of those before; page and plot follow once there is every part. */
export function keep(measured: Partial<ScaleData>): void {
    const now = `${new Date().toISOString().slice(0, 10)}, on ${machineText()}`;
    const before = keptScale();
    const when = Object.fromEntries(Object.keys(measured).map((part) => [part, now]));
    const kept = { measured: { ...before.measured, ...when }, data: { ...before.data, ...measured } };
    writeFileSync(DATA, `${JSON.stringify(rounded(kept), null, 2)}\n`);
    const { data, measured: days } = keptScale();
    if (!isWhole(data)) return;
    writeFileSync(PLOT, plot(data));
    writeRecordedPart(SCALE_PAGE, scaleMarkdown(data, days));
}

/** What is committed; nothing where nothing was ever measured. */
export function keptScale(): KeptScale {
    if (!existsSync(DATA)) return { measured: {}, data: {} };
    return JSON.parse(readFileSync(DATA, "utf8")) as KeptScale;
}

/** The plot that is committed. */
export function keptPlot(): string {
    return readFileSync(PLOT, "utf8");
}

/** Whether there is every part. */
export function isWhole(data: Partial<ScaleData>): data is ScaleData {
    return SCALE_PARTS.every((part) => data[part] !== undefined);
}

/** To hundredths: more would be chance. */
function rounded(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
        typeof inner === "number" ? Math.round(inner * 100) / 100 : inner,
    );
}
