import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** A piece of HTML in which everything that came from outside is escaped. */
export type Html = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 40rem; padding: 2rem 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
label, legend { display: block; font-weight: 600; margin-top: 1rem; }
input:not([type=checkbox]), textarea { box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
button { font: inherit; font-weight: 600; margin-top: 1rem; min-height: 2.75rem; padding: .5rem 1rem; }
fieldset { border: 1px solid; margin-top: 1rem; }
fieldset label { font-weight: 400; margin-top: 0; }
.hint, footer { font-size: .875rem; }
.notice { border-left: .25rem solid; padding-left: 1rem; }
code { overflow-wrap: anywhere; }
`;

const styleHash = createHash("sha256").update(style).digest("base64");

/** What every page of Access is sent with: nothing of it runs, is framed, or is kept. */
export const pageHeaders: Readonly<Record<string, string>> = {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "private, no-store",
    // A form's answer redirects to the application's hostname, which is another origin.
    "content-security-policy": `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'`,
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
};

/** A whole page. It says on each that this is an emulator, so that nobody types a real secret into it. */
export async function page(title: string, content: Html): Promise<string> {
    const document = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
<footer><hr><p>This is Sallyport's emulator of Cloudflare Access, on this machine. It checks no password and sends no mail.</p></footer>
</body>
</html>
`;
    return document.toString();
}
