import { html } from "hono/html";
import { page } from "./layout.ts";
import { mistakeList } from "./loginPages.ts";

export interface PurposePageDetails {
    readonly hostname: string;
    readonly email: string;
    /** The policy's own words, if it has any. */
    readonly prompt?: string | undefined;
    /** Hidden field that says who enters where. */
    readonly entry: string;
    readonly action: string;
    readonly mistakes?: readonly string[] | undefined;
}

/** Asks why somebody enters, before they do. */
export function purposePage({
    hostname,
    email,
    prompt,
    entry,
    action,
    mistakes = [],
}: PurposePageDetails): Promise<string> {
    return page(
        "Why do you enter?",
        html`<p><strong>${hostname}</strong> lets you in as <strong>${email}</strong>, and asks for a reason first. It is written into the log.</p>
${mistakeList(mistakes)}
<form method="post" action="${action}">
<input type="hidden" name="entry" value="${entry}">
<label for="purpose">${prompt || "Reason"}</label>
<textarea id="purpose" name="purpose" rows="3" required maxlength="1000"></textarea>
<button type="submit">Enter</button>
</form>`,
    );
}
