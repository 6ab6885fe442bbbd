/** `CHANGELOG.md`, whose unreleased part and the changesets become the part of a version. */

/** Headings of Keep a Changelog for the kinds of changes that changesets know. */
const HEADINGS = { major: "Changed", minor: "Added", patch: "Fixed" } as const;

/** A change as a changeset has it. */
export interface Change {
    readonly kind: keyof typeof HEADINGS;
    /** Markdown, without the bullet. */
    readonly summary: string;
}

const UNRELEASED = "## Unreleased";

/**
 * The log with a part for a version: what was unreleased, and the changes, below their headings.
 *
 * @throws Error where the log has no unreleased part.
 */
export function released(changelog: string, version: string, changes: readonly Change[]): string {
    const start = changelog.indexOf(`${UNRELEASED}\n`);
    if (start === -1) throw new Error(`CHANGELOG.md has no heading "${UNRELEASED}"; write it above the latest version`);
    const body = start + UNRELEASED.length;
    const next = changelog.indexOf("\n## ", body);
    const end = next === -1 ? changelog.length : next + 1;
    const part = changes.reduce(withChange, changelog.slice(body, end).trim());
    const older = changelog.slice(end);
    const sections = [
        `${changelog.slice(0, body)}\n`,
        `## ${version}\n`,
        `${part}\n`,
        ...(older === "" ? [] : [older]),
    ];
    return sections.join("\n");
}

function withChange(part: string, { kind, summary }: Change): string {
    const heading = `### ${HEADINGS[kind]}`;
    const bullet = `- ${summary.trim().replaceAll("\n", "\n  ")}`;
    const sections = part === "" ? [] : part.split(/\n+(?=### )/);
    const at = sections.findIndex((section) => section.startsWith(`${heading}\n`));
    if (at === -1) return [...sections, `${heading}\n${bullet}`].join("\n\n");
    return sections.with(at, `${sections[at]}\n${bullet}`).join("\n\n");
}
