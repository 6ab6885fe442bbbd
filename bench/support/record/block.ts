import { readFileSync, writeFileSync } from "node:fs";

const [BEGIN, END] = ["<!-- results: written by `npm run bench` -->", "<!-- /results -->"];

/** The part of a page that is written from a record. @throws Error where the page has lost the marks around it. */
export function recordedPart(page: string): string {
    const { text, begin, end } = marked(page);
    return text.slice(begin, end).trim();
}

/** Writes that part anew. @throws Error where the page has lost the marks around it. */
export function writeRecordedPart(page: string, part: string): void {
    const { text, begin, end } = marked(page);
    writeFileSync(page, `${text.slice(0, begin)}\n\n${part}\n\n${text.slice(end)}`);
}

function marked(page: string) {
    const text = readFileSync(page, "utf8");
    const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
    if (begin < 0 || end < begin) throw new Error(`${page} has no place for results: ${BEGIN} and ${END} around it`);
    return { text, begin: begin + BEGIN.length, end };
}
