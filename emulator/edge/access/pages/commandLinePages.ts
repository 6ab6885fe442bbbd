import { html } from "hono/html";
import { page } from "./layout.ts";

export interface ApprovalDetails {
    readonly hostname: string;
    readonly email: string;
    /** Hidden fields that the approval sends back. */
    readonly fields: Readonly<Record<string, string>>;
    /** Where the approval goes. */
    readonly action: string;
}

/** Asks whether the command line may have the login: a link alone, which anybody can send, must not hand it over. */
export function approvalPage({ hostname, email, fields, action }: ApprovalDetails): Promise<string> {
    return page(
        "Log in on the command line",
        html`<p>A command line asks for your login to <strong>${hostname}</strong>, as <strong>${email}</strong>.</p>
<p class="notice">Approve only what you began yourself, in a terminal of your own, a moment ago.</p>
<form method="post" action="${action}">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">Approve</button>
</form>`,
    );
}
