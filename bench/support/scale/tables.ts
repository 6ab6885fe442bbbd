import { numberText } from "../record/table.ts";
import { type ApiCost, lineThrough, type ScaleData, type ScalePart } from "./data.ts";
import { API_REQUESTS } from "./figures.ts";

/** The measurements as the page on scale shows them. */
export function scaleMarkdown(data: ScaleData, measured: Partial<Record<ScalePart, string>>): string {
    return [...sizesTable(data), "", ...deploymentTable(data), "", ...fleetLines(data), "", ...days(measured)].join(
        "\n",
    );
}

function sizesTable({ sizes }: ScaleData): string[] {
    const processor = lineThrough(sizes, ({ processorSeconds }) => processorSeconds);
    const memory = lineThrough(sizes, ({ sumMiB }) => sumMiB);
    return [
        "| applications | resources | preview | processor time | memory of all processes |",
        "|---:|---:|---:|---:|---:|",
        ...sizes.map(
            ({ apps, resources, seconds, processorSeconds, sumMiB }) =>
                `| ${apps} | ${resources} | ${numberText(seconds)} s | ${numberText(processorSeconds)} s | ${mebibytes(sumMiB)} |`,
        ),
        "",
        `A preview takes ${numberText(processor.fixed)} s of processor time and ${mebibytes(memory.fixed)} before the first application, and ${numberText(
            processor.each * 1000,
        )} ms and ${numberText(memory.each)} MiB for each one.`,
    ];
}

function deploymentTable({ deployment: { apps, up, preview, refresh } }: ScaleData): string[] {
    const row = (what: string, { seconds, processorSeconds, requests }: ApiCost) => {
        const count = Object.values(requests).reduce((sum, one) => sum + one, 0);
        const share = `${((count / API_REQUESTS) * 100).toFixed(0)} %`;
        return `| ${what} | ${numberText(seconds)} s | ${numberText(processorSeconds)} s | ${count} | ${share} |`;
    };
    return [
        `| ${apps} applications, without Docker | time | processor time | requests to the API | of what it takes in five minutes |`,
        "|---|---:|---:|---:|---:|",
        row("first `pulumi up`", up),
        row("`pulumi preview` with nothing to do", preview),
        row("`pulumi refresh`", refresh),
    ];
}

function fleetLines({ fleet: { apps, accounts, stacks, parallel, seconds } }: ScaleData): string[] {
    const resources = stacks.reduce((sum, stack) => sum + stack.resources, 0);
    const slowest = Math.max(...stacks.map((stack) => stack.seconds));
    const processor = stacks.reduce((sum, stack) => sum + stack.processorSeconds, 0);
    return [
        `${apps.toLocaleString("en")} applications in ${stacks.length} stacks of ${accounts} accounts: ${resources.toLocaleString("en")} resources, previewed ${parallel} stacks at a time in`,
        `${numberText(seconds / 60)} minutes (${numberText(processor / 60)} minutes of processor time); the slowest stack took ${numberText(slowest)} s.`,
    ];
}

function days(measured: Partial<Record<ScalePart, string>>): string[] {
    return Object.entries(measured).map(([part, when]) => `- ${part}: ${when}`);
}

function mebibytes(value: number): string {
    return `${Math.round(value).toLocaleString("en")} MiB`;
}
