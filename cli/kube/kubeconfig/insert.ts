import { type Pair, stringify } from "yaml";
import {
    dashesOf,
    extentOf,
    indentedLineAt,
    type KubeconfigText,
    lineEndOf,
    pairOf,
    sequenceOf,
    UneditableKubeconfig,
} from "./document.ts";
import { LIST_NAMES, type ListName, listItem, type OwnEntries } from "./entries.ts";
import type { Edit } from "./textEdit.ts";

export const CURRENT = "current-context";

/** A kubeconfig with nothing in it, as kubectl writes it. */
export const BLANK = { apiVersion: "v1", kind: "Config", clusters: [], users: [], contexts: [], [CURRENT]: "" };

/**
 * The edits that add entries to a kubeconfig and change nothing else: comments, order, quotes, line ends and blanks stay. Each entry is an edit of its own, so that it is
 * found again where others have changed the file around it.
 *
 * @param current context to switch to; the file's own stays where omitted
 * @throws UneditableKubeconfig when its form has no place for them
 */
export function insertions(
    kubeconfig: KubeconfigText,
    entries: readonly OwnEntries[],
    current: string | undefined,
): Edit[] {
    if (isBlank(kubeconfig)) {
        return [wholeDocument(kubeconfig, entries, current)];
    }
    const edits = LIST_NAMES.flatMap((list) => {
        const items = entries.flatMap((own) => listItem(own, list) ?? []);
        return items.length === 0 ? [] : intoList(kubeconfig, list, items);
    });
    const switched = current === undefined ? [] : [switchTo(kubeconfig, current)];
    // Stable: what goes to the same place stays in order.
    return [...edits, ...switched].toSorted((a, b) => a.at - b.at);
}

export function isBlank({ top }: KubeconfigText): boolean {
    return top === undefined || top.items.length === 0;
}

/** What is written into a file that has nothing. */
function wholeDocument({ text, top }: KubeconfigText, entries: readonly OwnEntries[], current?: string): Edit {
    const lists = Object.fromEntries(
        LIST_NAMES.map((list) => [list, entries.flatMap((own) => listItem(own, list) ?? [])]),
    );
    const document = { ...BLANK, ...lists, [CURRENT]: current ?? "" };
    if (top !== undefined) {
        return { at: extentOf(top)[0] + 1, removed: "", inserted: JSON.stringify(document).slice(1, -1) };
    }
    const gap = text === "" || text.endsWith("\n") ? "" : lineEndOf(text);
    return { at: text.length, removed: "", inserted: gap + lines(document, "", lineEndOf(text)) };
}

function intoList(kubeconfig: KubeconfigText, list: ListName, items: readonly object[]): Edit[] {
    const { text } = kubeconfig;
    const pair = pairOf(kubeconfig, list);
    if (pair === undefined) {
        return [newKey(kubeconfig, list, items)];
    }
    const sequence = sequenceOf(kubeconfig, list);
    if (sequence === undefined) {
        return [inPlaceOfNothing(text, pair, items)];
    }
    const [firstDash] = dashesOf(sequence);
    if (firstDash !== undefined) {
        const { start, indent } = indentedLineAt(text, firstDash);
        return items.map((item) => ({ at: start, removed: "", inserted: lines([item], indent, lineEndOf(text)) }));
    }
    const [bracket] = extentOf(sequence);
    if (text[bracket] !== "[") {
        throw new UneditableKubeconfig(`cannot be added to: "${list}" has no place for an entry`);
    }
    const isEmpty = sequence.items.length === 0;
    return items.map((item, index) => ({
        at: bracket + 1,
        removed: "",
        inserted: JSON.stringify(item) + (isEmpty && index === items.length - 1 ? "" : ", "),
    }));
}

/** `clusters:` or `clusters: null`. */
function inPlaceOfNothing(text: string, pair: Pair, items: readonly object[]): Edit {
    const value = JSON.stringify(items);
    const [at, end] = extentOf(pair.value);
    return at === end
        ? { at: colonOf(pair) + 1, removed: "", inserted: ` ${value}` }
        : { at, removed: text.slice(at, end), inserted: value };
}

function switchTo(kubeconfig: KubeconfigText, context: string): Edit {
    const pair = pairOf(kubeconfig, CURRENT);
    if (pair === undefined) {
        return newKey(kubeconfig, CURRENT, context);
    }
    // The key is replaced with its value: the name alone stands elsewhere in the file too.
    const [at] = extentOf(pair.key);
    const quote = kubeconfig.text[at] === '"' ? '"' : "";
    const [start, valueEnd] = extentOf(pair.value);
    const end = start === valueEnd ? colonOf(pair) + 1 : valueEnd;
    return {
        at,
        removed: kubeconfig.text.slice(at, end),
        inserted: `${quote}${CURRENT}${quote}: ${JSON.stringify(context)}`,
    };
}

/** Whether an edit does nothing but switch the context, which people do themselves as well. */
export function isSwitch({ inserted }: Edit): boolean {
    return new RegExp(`^ *"?${CURRENT}"?:`).test(inserted);
}

/** A key that the file has not got goes before its first one. */
function newKey({ text, top }: KubeconfigText, key: string, value: unknown): Edit {
    const [first] = top?.items ?? [];
    if (text[extentOf(top)[0]] === "{") {
        return {
            at: extentOf(top)[0] + 1,
            removed: "",
            inserted: `${JSON.stringify(key)}: ${JSON.stringify(value)}, `,
        };
    }
    const { start, indent } = indentedLineAt(text, extentOf(first?.key)[0]);
    return { at: start, removed: "", inserted: lines({ [key]: value }, indent, lineEndOf(text)) };
}

function colonOf({ srcToken }: Pair): number {
    const colon = srcToken?.sep?.find(({ type }) => type === "map-value-ind");
    if (colon === undefined) {
        throw new UneditableKubeconfig("cannot be added to: a key stands there without a value");
    }
    return colon.offset;
}

function lines(value: unknown, indent: string, lineEnd: string): string {
    const text = stringify(value, { lineWidth: 0, indentSeq: false });
    return text.replaceAll(/^(?=.)/gm, indent).replaceAll("\n", lineEnd);
}
