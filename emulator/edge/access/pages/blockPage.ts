import { html } from "hono/html";
import { page } from "./layout.ts";

export interface BlockPageDetails {
    readonly hostname: string;
    /** What decided, in words. */
    readonly reason: string;
    readonly ray?: string | undefined;
    /** What the application wants to say to those it refuses. */
    readonly message?: string | undefined;
    /** The e-mail address of whoever is logged in. */
    readonly who?: string | undefined;
    /** Where to log out, for another try as somebody else. */
    readonly logoutUrl?: string | undefined;
}

/** The page for whoever is refused. It says why: here that helps more than it tells. */
export function blockPage(details: BlockPageDetails): Promise<string> {
    const { hostname, reason, ray, message, who, logoutUrl = "/cdn-cgi/access/logout" } = details;
    return page(
        "Access refused",
        html`<p>You cannot reach <strong>${hostname}</strong>${who === undefined ? "" : html` as <strong>${who}</strong>`}.</p>
${message ? html`<p>${message}</p>` : ""}
<h2>Why</h2>
<p class="notice">${reason}</p>
${who === undefined ? "" : html`<p><a href="${logoutUrl}">Log out, to come back as somebody else</a></p>`}
${ray === undefined ? "" : html`<p class="hint">Ray ID: <code>${ray}</code></p>`}`,
    );
}
