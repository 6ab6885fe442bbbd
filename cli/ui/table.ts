import Table from "cli-table3";

const plain = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
};

/** Prints a table on stdout, without lines and without colour where nobody looks at it. */
export function printTable(head: string[], rows: string[][]): void {
    process.stdout.write(`${tableText(head, rows, process.stdout.isTTY)}\n`);
}

/** A table without lines. */
export function tableText(head: string[], rows: string[][], colour = false): string {
    const style = colour
        ? { "padding-left": 0, "padding-right": 0 }
        : { "padding-left": 0, "padding-right": 0, head: [], border: [] };
    const table = new Table({ head, chars: plain, style });
    table.push(...rows);
    return table.toString();
}

/** Prints one JSON document and nothing else on stdout. */
export function printJson(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
