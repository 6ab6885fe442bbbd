/** One replacement in a text: at `at` (in the text before all edits) stands `removed`, and `inserted` takes its place. */
export interface Edit {
    readonly at: number;
    readonly removed: string;
    readonly inserted: string;
}

/** Makes all edits at once. They are in the order of the text and do not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
    let result = "";
    let done = 0;
    for (const { at, removed, inserted } of edits) {
        result += text.slice(done, at) + inserted;
        done = at + removed.length;
    }
    return result + text.slice(done);
}

/** Undoes all edits in the very text that {@link applyEdits} made. */
export function undoEdits(text: string, edits: readonly Edit[]): string {
    let shift = 0;
    const inverse = edits.map(({ at, removed, inserted }): Edit => {
        const undone = { at: at + shift, removed: inserted, inserted: removed };
        shift += inserted.length - removed.length;
        return undone;
    });
    return applyEdits(text, inverse);
}

/** Undoes all edits in a text that somebody has changed since: undefined where any insertion does not stand there exactly once, word for word. */
export function undoByContent(text: string, edits: readonly Edit[]): string | undefined {
    return edits.reduce<string | undefined>((before, { removed, inserted }) => {
        const at = before?.indexOf(inserted) ?? -1;
        return before === undefined || at < 0 || before.includes(inserted, at + 1)
            ? undefined
            : before.slice(0, at) + removed + before.slice(at + inserted.length);
    }, text);
}
