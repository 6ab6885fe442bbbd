import { isMap, type YAMLSeq } from "yaml";
import { dashesOf, extentOf, indentedLineAt, type KubeconfigText, pairOf, sequenceOf } from "./document.ts";
import { LIST_NAMES } from "./entries.ts";
import { CURRENT } from "./insert.ts";
import type { Edit } from "./textEdit.ts";

/**
 * The edits that take entries out of a kubeconfig that another program has written anew since they came: found by their names, with everything else left as
 * that program wrote it.
 *
 * @param previous current context from before; comes back where the current one is among the entries
 */
export function withdrawals(
    kubeconfig: KubeconfigText,
    names: ReadonlySet<string>,
    previous: string | undefined,
): Edit[] {
    const { text, data } = kubeconfig;
    const edits = LIST_NAMES.flatMap((list) => {
        const sequence = sequenceOf(kubeconfig, list);
        return sequence === undefined ? [] : outOfList(text, sequence, names);
    });
    const current = data[CURRENT];
    const value = pairOf(kubeconfig, CURRENT)?.value;
    if (typeof current === "string" && names.has(current)) {
        const [at, end] = extentOf(value);
        edits.push({ at, removed: text.slice(at, end), inserted: JSON.stringify(previous ?? "") });
    }
    return edits.toSorted((a, b) => a.at - b.at);
}

function outOfList(text: string, sequence: YAMLSeq, names: ReadonlySet<string>): Edit[] {
    const gone = sequence.items.flatMap((item, index) =>
        isMap(item) && names.has(String(item.get("name"))) ? [index] : [],
    );
    const dashes = dashesOf(sequence);
    const cut = (at: number, end: number): Edit => ({ at, removed: text.slice(at, end), inserted: "" });
    if (dashes.length > 0) {
        return gone.map((index) => {
            const { start } = indentedLineAt(text, dashes[index] ?? 0);
            return cut(start, endOfLine(text, extentOf(sequence.items[index])[1]));
        });
    }
    const extents = sequence.items.map(extentOf);
    const at = (index: number, side: 0 | 1) => extents[index]?.[side] ?? 0;
    const last = extents.length - 1;
    return runs(gone).map(([first, end]) => {
        if (end < last) {
            return cut(at(first, 0), at(end + 1, 0));
        }
        return first > 0 ? cut(at(first - 1, 1), at(end, 1)) : cut(at(first, 0), at(end, 1));
    });
}

/** An item in lines may or may not include its last line's end. */
function endOfLine(text: string, offset: number): number {
    if (text[offset - 1] === "\n") {
        return offset;
    }
    const end = text.indexOf("\n", offset);
    return end < 0 ? text.length : end + 1;
}

/** Neighbouring indices as pairs of first and last. */
function runs(indices: readonly number[]): [number, number][] {
    return indices.reduce<[number, number][]>((found, index) => {
        const open = found.at(-1);
        if (open !== undefined && open[1] === index - 1) {
            open[1] = index;
        } else {
            found.push([index, index]);
        }
        return found;
    }, []);
}
