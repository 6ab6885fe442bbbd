import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type KubeconfigText, parseKubeconfig, UneditableKubeconfig } from "./document.ts";
import { LIST_NAMES, listItem, type OwnEntries } from "./entries.ts";
import { BLANK, CURRENT, insertions, isBlank, isSwitch } from "./insert.ts";
import { applyEdits, type Edit, undoByContent, undoEdits } from "./textEdit.ts";
import { withdrawals } from "./withdraw.ts";

/** How a text came to hold entries of ours. */
export interface Written {
    /** Of the text with the entries. */
    readonly digest: string;
    readonly edits: readonly Edit[];
}

/** What is known of a text that may hold entries of ours. */
export interface Known {
    /** Digest of the text without any of them. */
    readonly without: string;
    /** As it was written; two where that may have been interrupted, the later one last. */
    readonly written: readonly Written[];
    /** Current context of the text without any of them. */
    readonly previous?: string | undefined;
    /** Names of all entries. */
    readonly names: readonly string[];
}

export function digestOf(text: string): string {
    return createHash("sha256").update(text).digest("hex");
}

/** Name of the current context; undefined where there is none. */
export function currentContextOf({ data }: KubeconfigText): string | undefined {
    const current = data[CURRENT];
    return typeof current === "string" && current !== "" ? current : undefined;
}

/**
 * The text with entries of ours.
 *
 * @param current context to switch to; the text's own stays where omitted
 * @throws UneditableKubeconfig when the result would not be the same kubeconfig with these entries more, or could not be undone
 */
export function withOwn(
    text: string,
    entries: readonly OwnEntries[],
    current: string | undefined,
): Written & { readonly text: string } {
    const before = parseKubeconfig(text);
    const edits = insertions(before, entries, current);
    const result = applyEdits(text, edits);
    const expected: Record<string, unknown> = { ...(isBlank(before) ? BLANK : before.data) };
    for (const list of LIST_NAMES) {
        const own = entries.flatMap((each) => listItem(each, list) ?? []);
        if (own.length > 0) {
            expected[list] = [...own, ...((before.data[list] as unknown[] | null | undefined) ?? [])];
        }
    }
    if (current !== undefined) {
        expected[CURRENT] = current;
    }
    if (!isDeepStrictEqual(parseKubeconfig(result).data, expected) || undoEdits(result, edits) !== text) {
        throw new UneditableKubeconfig("cannot be added to without changing something else in it");
    }
    return { text: result, edits, digest: digestOf(result) };
}

/**
 * The text without any entry of ours. Where nobody else has changed it, it is what it was before, byte for byte; where somebody has, what we added is taken out word for word, or, after a program
 * that writes the whole file anew, entry by entry.
 *
 * @throws UneditableKubeconfig when they cannot be taken out
 */
export function withoutOwn(text: string, { without, written, previous, names }: Known): string {
    const digest = digestOf(text);
    if (digest === without) {
        return text;
    }
    const as = written.find((each) => each.digest === digest);
    if (as !== undefined) {
        return undoEdits(text, as.edits);
    }
    const own = new Set(names);
    const others = othersIn(text, own);
    const isKept = (result: string) => isDeepStrictEqual(othersIn(result, own), others);
    const attempts = written.toReversed().flatMap(({ edits }) => [edits, edits.filter((edit) => !isSwitch(edit))]);
    const cut =
        attempts.map((edits) => undoByContent(text, edits)).find((each) => each !== undefined && isKept(each)) ?? text;
    const result = applyEdits(cut, withdrawals(parseKubeconfig(cut), own, previous));
    if (!isKept(result) || !isDeepStrictEqual(othersIn(result, new Set()), others)) {
        throw new UneditableKubeconfig(`still holds what was added to it; take out ${names.join(", ")} by hand`);
    }
    return result;
}

/** All that a text says but for the entries of those names, and for what a kubeconfig without entries has too; undefined where it is no kubeconfig. */
function othersIn(text: string, own: ReadonlySet<string>): object | undefined {
    let data: KubeconfigText["data"];
    try {
        ({ data } = parseKubeconfig(text));
    } catch (error) {
        if (error instanceof UneditableKubeconfig) {
            return undefined;
        }
        throw error;
    }
    const lists = LIST_NAMES.map((list) => {
        const items = (data[list] as { name?: unknown }[] | null | undefined) ?? [];
        return [list, items.filter((item) => !own.has(String(item?.name)))];
    });
    return { ...data, ...Object.fromEntries(lists), apiVersion: undefined, kind: undefined, [CURRENT]: undefined };
}
