import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTwoFilesPatch } from "diff";
import { CommandError, Exit } from "../../exit.ts";
import type { Import, ImportedFile } from "./import.ts";
import { type Finding, FindingKind } from "./source.ts";

/** Writes the files of an import into a folder. @throws CommandError where one of them is there already, before anything is written. */
export function writeFiles(folder: string, files: readonly ImportedFile[]): void {
    const paths = files.map(({ name }) => join(folder, name));
    const repeated = paths.find((path, index) => paths.indexOf(path) !== index);
    if (repeated !== undefined) {
        throw new CommandError(
            Exit.usage,
            `two files would be written to ${repeated}`,
            "import them one after the other",
        );
    }
    const there = paths.filter((path) => existsSync(path));
    if (there.length > 0) {
        throw new CommandError(
            Exit.usage,
            `${there.join(" and ")} ${there.length === 1 ? "is" : "are"} there already`,
            "give an empty folder",
        );
    }
    mkdirSync(folder, { recursive: true });
    for (const [index, { text }] of files.entries()) writeFileSync(paths[index] ?? "", text);
}

/** What an import would change, as a patch. */
export function patchOf(files: readonly ImportedFile[]): string {
    return files
        .filter(({ before, text }) => before !== text)
        .map(({ name, before, text }) => createTwoFilesPatch(before === "" ? "/dev/null" : name, name, before, text))
        .join("");
}

const HEADINGS: Readonly<Record<FindingKind, string>> = {
    decision: "Needs your decision, and stays shut until then",
    lost: "Has no equivalent",
    note: "Worth knowing",
};

/** Everything that was found, the decisions first, each with the place it is about. */
export function findingLines(findings: readonly Finding[]): string[] {
    return Object.values(FindingKind).flatMap((kind) => {
        const ours = findings.filter((finding) => finding.kind === kind);
        return ours.length === 0 ? [] : [HEADINGS[kind], ...ours.map((finding) => `  ${findingLine(finding)}`)];
    });
}

function findingLine({ file, line, service, label, reason }: Finding): string {
    const place = file === undefined ? "" : `${file}${line === undefined ? "" : `:${line}`}: `;
    return `${place}${service}${label === undefined ? "" : ` ${label}`}: ${reason}`;
}

/** The answer of `sallyport swarm import --json`. */
export function importJson({ zone, services, findings, keys }: Import): object {
    const of = (kind: FindingKind) => findings.filter((one) => one.kind === kind).map(({ kind: _, ...rest }) => rest);
    return {
        zone,
        services,
        decisions: of(FindingKind.Decision),
        lost: of(FindingKind.Lost),
        notes: of(FindingKind.Note),
        config: keys,
    };
}
