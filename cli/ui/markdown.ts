/** Names come from whoever wrote them: none of them ends a line, a fence or a code span, or hides characters. */
export function oneLine(text: string): string {
    return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
}

/** A code span, whatever the text holds. */
export function code(text: string): string {
    const plain = oneLine(text);
    const ticks = "`".repeat(longestRun(plain) + 1);
    return /^`|`$/.test(plain) ? `${ticks} ${plain} ${ticks}` : `${ticks}${plain}${ticks}`;
}

/** Lines of a fenced block, whatever the lines hold. */
export function fenced(language: string, lines: readonly string[]): string[] {
    const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
    return [`${fence}${language}`, ...lines, fence];
}

function longestRun(text: string): number {
    return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}
