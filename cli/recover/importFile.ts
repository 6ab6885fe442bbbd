import { readFileSync } from "node:fs";
import { writePrivate } from "../local/files.ts";

/** An entry of the file that `pulumi import` reads (pulumi, pkg/cmd/pulumi/operations/import.go: `importSpec`), as far as it is read here. */
interface ImportEntry {
    readonly type: string;
    readonly name: string;
    readonly id?: string;
    readonly parent?: string;
    readonly component?: boolean;
    /** Name in the program, where the file had to give another. */
    readonly logicalName?: string;
    readonly [other: string]: unknown;
}

interface ImportFile {
    /** URNs of parents and providers that are no entries. */
    readonly nameTable?: Readonly<Record<string, string>>;
    readonly resources?: readonly ImportEntry[];
    readonly [other: string]: unknown;
}

/**
 * Reduces the file that a preview wrote to the objects that were found and the components that hold them, and gives each its id.
 *
 * @param ids what `pulumi import` calls the objects, by URN.
 */
export function fillImportFile(path: string, ids: ReadonlyMap<string, string>): void {
    const file = JSON.parse(readFileSync(path, "utf8")) as ImportFile;
    const byPlace = new Map([...ids].map(([urn, id]) => [placeIn(urn), id]));
    const entries = new Map((file.resources ?? []).map((entry) => [entry.name, entry]));
    const wanted = new Map<string, ImportEntry>();
    const keep = (entry: ImportEntry): void => {
        const parent = entries.get(entry.parent ?? "");
        if (parent !== undefined) keep(parent);
        const id = byPlace.get(`${typesOf(entry)}::${entry.logicalName ?? entry.name}`);
        wanted.set(entry.name, id === undefined ? entry : { ...entry, id });
    };
    for (const entry of entries.values()) {
        if (byPlace.has(`${typesOf(entry)}::${entry.logicalName ?? entry.name}`)) keep(entry);
    }
    writePrivate(path, JSON.stringify({ ...file, resources: [...wanted.values()] }));

    /** Types from the outermost component to the entry, as they stand in its URN. */
    function typesOf({ type, parent }: ImportEntry): string {
        if (parent === undefined || parent === "") return type;
        const entry = entries.get(parent);
        const above = entry === undefined ? typesIn(file.nameTable?.[parent] ?? "") : typesOf(entry);
        return `${above}$${type}`;
    }
}

/** Types and name of a URN, `urn:pulumi:<stack>::<project>::<types>::<name>`. */
function placeIn(urn: string): string {
    return urn.split("::").slice(2).join("::");
}

function typesIn(urn: string): string {
    return urn.split("::")[2] ?? "";
}
