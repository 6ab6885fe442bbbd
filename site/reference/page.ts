/** A page that is made for the site. */
export interface Page {
    /** Where it is on the site, without an extension. */
    readonly path: string;
    /** What the navigation calls it. */
    readonly title: string;
    /** Its Markdown. */
    readonly text: string;
}

/** Pages under one heading of the navigation. */
export interface PageGroup {
    readonly title: string;
    readonly pages: readonly Page[];
}

/** A table of Markdown. A cell is one line, whatever it was. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
    const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
    return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function cell(text: string): string {
    return text
        .replace(/\s*\n\s*\n\s*/g, "<br>")
        .replace(/\s*\n\s*/g, " ")
        .replaceAll("|", "\\|");
}

/** Text as code in a line. */
export function code(text: string): string {
    return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** Text that was not written as Markdown: what looks like a tag in it is shown, except in code, where it is anyway. */
export function prose(text: string): string {
    return text
        .split(/(`[^`]*`)/)
        .map((part, place) => (place % 2 === 0 ? part.replaceAll("<", "&lt;") : part))
        .join("");
}

/** A block of code. */
export function fence(language: string, text: string): string {
    return `\`\`\`${language}\n${text.replace(/\n$/, "")}\n\`\`\``;
}

export function paragraphs(...parts: readonly (string | false | undefined)[]): string {
    return `${parts.filter((part) => part !== undefined && part !== false && part !== "").join("\n\n")}\n`;
}
