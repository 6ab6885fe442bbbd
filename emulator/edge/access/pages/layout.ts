import { baseStyle, documentHeaders, type Html, type PageDesign, renderDocument } from "../../pages/document.ts";

export type { Html } from "../../pages/document.ts";

/** It says on each page that this is an emulator, so that nobody types a real secret into it. */
const design: PageDesign = {
    style: `${baseStyle}
body { margin: 0 auto; max-width: 40rem; padding: 2rem 1rem; }
h2 { font-size: 1.125rem; margin-bottom: .5rem; }
label, legend { display: block; font-weight: 600; margin: 1.5rem 0 .25rem; }
input:not([type=checkbox]), textarea { border: 1px solid; border-radius: .25rem; box-sizing: border-box; font: inherit; padding: .5rem; width: 100%; }
input[size] { width: auto; }
button { display: block; background: #0b57d0; border: 0; border-radius: .25rem; color: #fff; font: inherit; font-weight: 600; margin-top: 1rem; min-height: 2.75rem; padding: .5rem 1.25rem; }
:focus-visible { outline: 3px solid; outline-offset: 2px; }
fieldset { border: 1px solid; border-radius: .25rem; margin-top: 1.5rem; }
fieldset label { font-weight: 400; margin: 0; }
.pin { font-size: 1.5rem; letter-spacing: .125em; }
.hint { margin-top: .25rem; }
footer { margin-top: 3rem; }
`,
    footer: "This is Sallyport's emulator of Cloudflare Access, on this machine. It checks no password and sends no mail.",
    // A form's answer redirects to the application's hostname, which is another origin.
    formAction: "'self' https:",
};

/** What every page of Access is sent with: nothing of it runs, is framed, or is kept. */
export const pageHeaders = documentHeaders(design);

/** A whole page of Access. */
export function page(title: string, content: Html): Promise<string> {
    return renderDocument(title, content, design);
}
