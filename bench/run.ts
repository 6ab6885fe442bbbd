/**
 * Runs benches: `npm run bench -- preview`, with `--record` to keep its figures; `npm run bench -- all` runs and keeps every one, and
 * `npm run bench -- all --recorded` shows what is kept.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { BENCHES, type BenchName, isBench } from "./support/record/benches.ts";
import { writeRecordedPart } from "./support/record/block.ts";
import { machineText } from "./support/record/machine.ts";
import { RESULTS_PAGE, readResults, recordResult } from "./support/record/results.ts";
import { resultsMarkdown, resultsText } from "./support/record/table.ts";
import type { ReportedFigure } from "./support/report.ts";

const ALL = "all";
const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("--"));
const named = args.filter((arg) => !arg.startsWith("--"));
const unknown = named.filter((name) => name !== ALL && !isBench(name));
if (unknown.length > 0) {
    process.stderr.write(`"${unknown.join(", ")}" is not a bench; write one of ${[ALL, ...BENCHES].join(", ")}\n`);
    process.exit(2);
}
const isAll = named.length === 0 || named.includes(ALL);
const ofOne = flags.filter((flag) => !["--json", "--record", "--recorded"].includes(flag));
if (isAll && ofOne.length > 0) {
    process.stderr.write(
        `${ofOne.join(" ")} belongs to one bench; run that one by its name, with --record to keep it\n`,
    );
    process.exit(2);
}
const isShown = flags.includes("--recorded");
const failed = isShown ? [] : await runEach(isAll ? BENCHES : named.filter(isBench));
if (isAll || isShown) {
    writeRecordedPart(RESULTS_PAGE, resultsMarkdown(readResults()));
    process.stdout.write(`\n${resultsText(readResults())}`);
}
if (failed.length > 0) {
    process.stderr.write(`did not end well: ${failed.join(", ")}\n`);
    process.exitCode = 1;
}

/** One after the other; one that fails does not take the others' figures with it. */
async function runEach(benches: readonly BenchName[]): Promise<BenchName[]> {
    const isKept = isAll || flags.includes("--record");
    const failures: BenchName[] = [];
    for (const name of benches) {
        process.stdout.write(`\n== ${name}\n`);
        const figures = await run(name, isKept ? [...new Set([...flags, "--record"])] : flags);
        if (figures === undefined) {
            failures.push(name);
        } else if (isKept) {
            const command = ["npm run bench --", name, ...ofOne].join(" ");
            const recorded = new Date().toISOString().slice(0, 10);
            recordResult(name, { command, recorded, machine: machineText(), figures });
            writeRecordedPart(RESULTS_PAGE, resultsMarkdown(readResults()));
        }
    }
    return failures;
}

/** The figures of one bench; `undefined` where it failed. */
async function run(name: BenchName, passed: readonly string[]): Promise<ReportedFigure[] | undefined> {
    const script = join(import.meta.dirname, `${name}.ts`);
    const child = spawn(process.execPath, [script, ...new Set([...passed, "--json"])], {
        stdio: ["inherit", "pipe", "inherit"],
    });
    let printed = "";
    child.stdout.on("data", (chunk) => (printed += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    const lines = printed.trimEnd().split("\n");
    const json = code === 0 ? lines.pop() : undefined;
    process.stdout.write(`${lines.join("\n")}\n`);
    if (json === undefined) return undefined;
    if (flags.includes("--json")) process.stdout.write(`${json}\n`);
    return JSON.parse(json) as ReportedFigure[];
}
