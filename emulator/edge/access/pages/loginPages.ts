import { html } from "hono/html";
import type { IdentityProvider, PostureRule } from "../../../accessDirectory.ts";
import type { StandIn } from "../providers/standIns.ts";
import { type Html, page } from "./layout.ts";

/** Hidden fields that every form of a login carries. */
export interface FormState {
    readonly meta: string;
    /** Ties the form to the browser that it was shown in. */
    readonly csrf: string;
}

export type ProviderChoice = Pick<IdentityProvider, "id" | "name" | "type">;

/** Which identity provider it shall be. */
export function chooseProviderPage(
    hostname: string,
    meta: string,
    providers: readonly ProviderChoice[],
): Promise<string> {
    return page(
        `Log in to ${hostname}`,
        providers.length === 0
            ? html`<p>None of the account's identity providers is allowed for this application.</p>`
            : html`<p>Choose how to log in.</p>
${providers.map(
    ({ id, name }) => html`<form method="get" action="/cdn-cgi/access/idp/${encodeURIComponent(id)}">
<input type="hidden" name="meta" value="${meta}"><button type="submit">${name}</button>
</form>
`,
)}`,
    );
}

export interface IdentityFormDetails {
    readonly provider: ProviderChoice;
    readonly standIn: StandIn;
    /** Claims that Access asks the provider for. */
    readonly claims: readonly string[];
    readonly state: FormState;
    readonly postureRules: readonly PostureRule[];
    /** What was wrong with what the form was sent with before. */
    readonly mistakes?: readonly string[] | undefined;
    /** What was typed into it then. */
    readonly given?: URLSearchParams | undefined;
}

/** The page in a provider's place: whoever sees it says who they are, and what the provider would tell of them. */
export function identityFormPage(details: IdentityFormDetails): Promise<string> {
    const { provider, standIn, claims, state, postureRules, mistakes = [], given = new URLSearchParams() } = details;
    const { host, groups, hasClaims, hasAuthMethods, hasAuthContexts } = standIn;
    const isPin = provider.type === "onetimepin";
    const field = (name: string, label: string, hint: string, attributes: Html = html``) => html`
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${given.get(name) ?? ""}" aria-describedby="${name}-hint" ${attributes}>
<p class="hint" id="${name}-hint">${hint}</p>`;
    const lines = (name: string, label: string, hint: string) => html`
<label for="${name}">${label}</label>
<textarea id="${name}" name="${name}" rows="3" aria-describedby="${name}-hint">${given.get(name) ?? ""}</textarea>
<p class="hint" id="${name}-hint">${hint}</p>`;
    const real = host === undefined ? provider.name : `${provider.name} at ${host}`;
    return page(
        isPin ? "Get a one-time PIN" : `${provider.name}, emulated`,
        html`<p class="notice">${isPin ? "" : `This stands in for ${real}, which is not asked. `}Say who you want to be: nothing is checked.</p>
${mistakeList(mistakes)}
<form method="post" action="/cdn-cgi/access/idp/${encodeURIComponent(provider.id)}">
${hiddenFields(state)}
${field("email", "E-mail address", "Any address; no mail is sent.", html`type="email" required maxlength="254" autocomplete="email"`)}
${isPin ? "" : field("name", "Name (optional)", "As the provider knows it.", html`maxlength="200" autocomplete="name"`)}
${groups === undefined ? "" : lines("groups", groups.label, groups.hint)}
${hasClaims && claims.length > 0 ? lines("claims", "Claims", `One in each line, as name=value; a name may be there several times: ${claims.join(", ")}.`) : ""}
${hasAuthMethods ? field("amr", "Authentication methods", "RFC 8176 values with spaces between them, for example: pwd mfa", html`maxlength="200"`) : ""}
${hasAuthContexts ? field("acrs", "Authentication contexts", "Ids with spaces between them, for example: c1 c2", html`maxlength="200"`) : ""}
${field("country", "Country (optional)", "Two letters, for example PT, for rules that ask where people are.", html`maxlength="2" size="2"`)}
${
    postureRules.length === 0
        ? ""
        : html`<fieldset><legend>Device posture checks that the device passes</legend>
<p class="hint">For a person with a registered device, what that passes counts instead.</p>
${postureRules.map(
    ({
        id,
        name,
    }) => html`<label><input type="checkbox" name="posture" value="${id}" ${given.getAll("posture").includes(id) ? html`checked` : ""}> ${name}</label>
`,
)}</fieldset>`
}
<button type="submit">${isPin ? "Show me the PIN" : "Log in"}</button>
</form>`,
    );
}

export interface PinPageDetails {
    readonly email: string;
    readonly pin: string;
    readonly pinId: string;
    readonly state: FormState;
    readonly mistakes?: readonly string[] | undefined;
}

/** The PIN, which Cloudflare would send by mail, and the form to type it into. */
export function pinPage({ email, pin, pinId, state, mistakes = [] }: PinPageDetails): Promise<string> {
    return page(
        "Enter the one-time PIN",
        html`<p>The emulator sends no mail, so here is the PIN for <strong>${email}</strong>. It is good for ten minutes.</p>
<p class="notice pin"><strong id="pin">${pin}</strong></p>
${mistakeList(mistakes)}
<form method="post" action="/cdn-cgi/access/pin">
${hiddenFields(state)}
<input type="hidden" name="pin-id" value="${pinId}">
<label for="pin-entry">PIN</label>
<input id="pin-entry" name="pin" required inputmode="numeric" autocomplete="one-time-code" maxlength="6" size="6">
<button type="submit">Log in</button>
</form>`,
    );
}

/** A page with nothing to do on it but to read, and perhaps to go back. */
export function messagePage(title: string, message: string, link?: { href: string; text: string }): Promise<string> {
    return page(
        title,
        html`<p>${message}</p>${link === undefined ? "" : html`<p><a href="${link.href}">${link.text}</a></p>`}`,
    );
}

function hiddenFields({ meta, csrf }: FormState): Html {
    return html`<input type="hidden" name="meta" value="${meta}"><input type="hidden" name="csrf" value="${csrf}">`;
}

export function mistakeList(mistakes: readonly string[]): Html | string {
    return mistakes.length === 0
        ? ""
        : html`<div role="alert"><p>This needs another look:</p><ul>${mistakes.map((mistake) => html`<li>${mistake}</li>`)}</ul></div>`;
}
