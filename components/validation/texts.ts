/** Most characters on one line: more than any name, address or expression that Cloudflare or Docker takes. */
const LONGEST_LINE = 16_384;
/** Most characters in all: what a Swarm secret holds (moby, `MaxSecretSize`), and more than any certificate or document here has. */
const LONGEST_TEXT = 512_000;

/** Controls but tab and line ends, zero-width space and byte order mark, and what turns the direction of writing. */
const HIDDEN = /(?![\t\n\r])\p{Cc}|[\u200B\u202A-\u202E\u2066-\u2069\uFEFF]/u;

/**
 * Says what is wrong with any text, whatever it is for, or nothing: characters that do not show make a reader see another value than the
 * machine, and half a pair of UTF-16 becomes another text on its way to an API. The text is never quoted: it may be a secret.
 */
export function textProblem(text: string): string | undefined {
    if (!text.isWellFormed()) return "holds half of a character (a lone surrogate). Write whole characters.";
    const [hidden] = HIDDEN.exec(text) ?? [];
    if (hidden !== undefined) return `holds ${codePoint(hidden)}, which does not show. Remove it.`;
    if (text.length > LONGEST_TEXT) return `has ${text.length} characters. Write at most ${LONGEST_TEXT}.`;
    const longest = Math.max(...text.split("\n").map((line) => line.length));
    return longest > LONGEST_LINE
        ? `has a line of ${longest} characters. Write at most ${LONGEST_LINE} on a line.`
        : undefined;
}

function codePoint(character: string): string {
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Says that a text shows nothing, or nothing. An empty text is for each value to judge: some are cleared with one. */
export function blankProblem(text: string): string | undefined {
    return /^\s+$/.test(text) ? "is blank. Write a text that shows, or leave it out." : undefined;
}
