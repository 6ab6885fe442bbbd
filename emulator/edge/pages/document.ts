import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** A piece of HTML in which everything that came from outside is escaped. */
export type Html = ReturnType<typeof html>;

/** What all pages of a kind have in common. */
export interface PageDesign {
    /** Style sheet, inline. */
    readonly style: string;
    /** Script, inline. None by default. */
    readonly script?: string | undefined;
    /** Says what the page belongs to. */
    readonly footer: string;
    /** Where forms may lead, as sources of `form-action`; nowhere by default. */
    readonly formAction?: string | undefined;
}

/** Style that every page of the emulator begins with: the system's own font, light or dark. */
export const baseStyle = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; }
.hint, footer { font-size: .875rem; }
.notice { border-left: .25rem solid; padding-left: 1rem; }
code { overflow-wrap: anywhere; }
`;

/**
 * What a page is sent with: nothing runs in it but its own style and script, known by their hashes, nothing is loaded from
 * elsewhere, and it is neither framed nor kept.
 */
export function documentHeaders({
    style,
    script,
    formAction = "'none'",
}: PageDesign): Readonly<Record<string, string>> {
    const policy = [
        "default-src 'none'",
        `style-src '${hashOf(style)}'`,
        ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`, "connect-src 'self'"]),
        `form-action ${formAction}`,
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ];
    return {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "private, no-store",
        "content-security-policy": policy.join("; "),
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    };
}

/** @param head further elements of the document's head. */
export async function renderDocument(
    title: string,
    content: Html,
    { style, script, footer }: PageDesign,
    head: Html | string = "",
): Promise<string> {
    const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${head}<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
<footer><hr><p>${footer}</p></footer>
${script === undefined ? "" : html`<script type="module">${raw(script)}</script>\n`}</body>
</html>
`;
    return document.toString();
}

const hashOf = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`;
