import { createHmac, randomBytes } from "node:crypto";
import type { DirectoryApplication } from "../../../accessDirectory.ts";
import type { GatePageRequest } from "../../accessGate.ts";
import {
    chooseProviderPage,
    type FormState,
    identityFormPage,
    messagePage,
    type ProviderChoice,
    pinPage,
} from "../pages/loginPages.ts";
import type { Identity } from "../policy/subject.ts";
import { type AccessServices, originOf } from "../services.ts";
import { CookieName, organizationCookie, readCookie, teamSessionCookie } from "../session/cookies.ts";
import { sessionMilliseconds } from "../session/durations.ts";
import { destinationOf, type LoginState, readLoginState } from "../session/loginState.ts";
import { isSameSecret } from "../session/sameSecret.ts";
import type { Session } from "../session/sessions.ts";
import { organizationToken } from "../tokens/organizationToken.ts";
import { mountCommonPages, type PageContext, pageResponse, readOwnForm, redirectTo } from "./commonPages.ts";
import { readIdentity } from "./identityForm.ts";
import { newPageApp, type PageApp } from "./pageAdapter.ts";
import { Pins } from "./pins.ts";

/** What an account without an identity provider of its own logs in with, as Cloudflare's do. */
const builtInProvider: ProviderChoice = { id: "onetimepin", name: "One-time PIN", type: "onetimepin" };

/** The team's domain: where people log in, whatever application they come from. */
export function teamPages(services: AccessServices): PageApp {
    const app = newPageApp();
    const pins = new Pins(services.clock);
    const formKey = randomBytes(32);
    mountCommonPages(app, services, ["org", "app"]);

    app.get("/cdn-cgi/access/login/:hostname", async (context) => {
        const state = await readLoginState(services, context.req.query("meta") ?? "");
        if (state === undefined) {
            return startAgain(services, context);
        }
        const session = await sessionOf(services, context.env.request);
        if (session !== undefined) {
            return finish(services, context, state, session, 302);
        }
        const application = applicationOf(services, state);
        const providers = providersFor(services, application);
        const [only] = providers;
        if (only !== undefined && providers.length === 1 && isRedirectedAtOnce(services, application)) {
            const query = new URLSearchParams({ meta: state.meta });
            return redirectTo(`/cdn-cgi/access/idp/${encodeURIComponent(only.id)}?${query}`, 302);
        }
        context.env.note(`login page for app "${application?.name}"`);
        const page = pageResponse(await chooseProviderPage(state.hostname, state.meta, providers));
        // cloudflared follows the redirect to this page, and reads here what it is about.
        page.headers.set("cf-access-domain", destinationOf(services.directory, state)?.domain ?? state.hostname);
        return page;
    });

    app.get("/cdn-cgi/access/idp/:id", async (context) => {
        const state = await readLoginState(services, context.req.query("meta") ?? "");
        const provider = state && providerOf(services, state, context.req.param("id"));
        if (state === undefined || provider === undefined) {
            return startAgain(services, context);
        }
        context.env.note(`login form of "${provider.name}"`);
        const { browser, cookies } = browserOf(context.env.request);
        const form = { meta: state.meta, csrf: csrfOf(formKey, browser) };
        const postureRules = services.directory.postureRules();
        return pageResponse(await identityFormPage({ provider, state: form, postureRules }), 200, cookies);
    });

    app.post("/cdn-cgi/access/idp/:id", async (context) => {
        const submitted = await readForm(services, context, formKey);
        const provider = submitted && providerOf(services, submitted.state, context.req.param("id"));
        if (submitted === undefined || provider === undefined) {
            return startAgain(services, context);
        }
        const { form, state, formState } = submitted;
        const postureRules = services.directory.postureRules();
        const identity = readIdentity(form, {
            provider,
            accountName: services.authDomain,
            knownPostureRules: postureRules.map(({ id }) => id),
            ip: context.env.request.clientIp,
            now: services.clock(),
        });
        if ("mistakes" in identity) {
            context.env.note("a login form with mistakes");
            const details = { provider, state: formState, postureRules, mistakes: identity.mistakes, given: form };
            return pageResponse(await identityFormPage(details), 400);
        }
        if (provider.type === "onetimepin") {
            context.env.note("a one-time PIN, shown");
            const { id: pinId, pin } = pins.issue(identity);
            return pageResponse(await pinPage({ email: identity.email, pin, pinId, state: formState }));
        }
        return logIn(services, context, state, identity);
    });

    app.post("/cdn-cgi/access/pin", async (context) => {
        const submitted = await readForm(services, context, formKey);
        if (submitted === undefined) {
            return startAgain(services, context);
        }
        const { form, state, formState } = submitted;
        const pinId = form.get("pin-id") ?? "";
        const outcome = pins.redeem(pinId, form.get("pin") ?? "");
        if (typeof outcome !== "string") {
            return logIn(services, context, state, outcome);
        }
        context.env.note(`a one-time PIN that is ${outcome}`);
        const shown = outcome === "wrong" ? pins.show(pinId) : undefined;
        return shown === undefined
            ? startAgain(services, context)
            : pageResponse(
                  await pinPage({ ...shown, pinId, state: formState, mistakes: ["PIN: is not the one above"] }),
                  400,
              );
    });
    return app;
}

/** A form of ours, from the browser that it was shown in; undefined for any other. */
async function readForm(services: AccessServices, { env }: PageContext, formKey: Buffer) {
    const { request } = env;
    const browser = readCookie(request, CookieName.TeamSession);
    const form = browser === undefined ? undefined : await readOwnForm(request);
    if (browser === undefined || form === undefined) {
        return undefined;
    }
    const csrf = csrfOf(formKey, browser);
    if (!isSameSecret(form.get("csrf") ?? "", csrf)) {
        return undefined;
    }
    const state = await readLoginState(services, form.get("meta") ?? "");
    const formState: FormState = { meta: state?.meta ?? "", csrf };
    return state && { form, state, formState };
}

/** Somebody has said who they are: from now on the browser has the organization's token, for all applications. */
async function logIn(services: AccessServices, context: PageContext, state: LoginState, identity: Identity) {
    const { sessions, directory } = services;
    const session = await sessions.open(identity, sessionMilliseconds(undefined, {}, directory.organization()));
    const token = await organizationToken(services, session);
    return finish(services, context, state, session, 303, [organizationCookie(token, new Date(session.expires))]);
}

/** Sends the browser back to the application's hostname, where the policies decide. */
function finish(
    { codes }: AccessServices,
    { env }: PageContext,
    { hostname, port, aud, appSession, redirectPath }: LoginState,
    { nonce, identity }: Session,
    status: 302 | 303,
    cookies: readonly string[] = [],
): Response {
    env.note(`logged in, back to ${hostname}`, { who: identity.email });
    const code = codes.issue({ hostname, aud, nonce, appSession, redirectPath });
    const authorized = new URL("/cdn-cgi/access/authorized", originOf(hostname, port));
    authorized.search = new URLSearchParams({ code }).toString();
    return redirectTo(authorized.href, status, cookies);
}

/** For links that are too old or were made by somebody else: the way back is the application itself, when it is one of ours. */
async function startAgain({ directory }: AccessServices, { env, req }: PageContext): Promise<Response> {
    env.note("a login that is over, or that was not begun here");
    const hostname = req.param("hostname");
    const known = directory.applications().find(({ aud }) => aud === req.query("kid"));
    const link =
        hostname !== undefined && known?.hostnames.some((domain) => domain.split("/", 1)[0] === hostname)
            ? { href: `${originOf(hostname, env.request.port)}/`, text: `Go to ${hostname}` }
            : undefined;
    const text = "This login is over, or it was not begun here. Open the application again.";
    return pageResponse(await messagePage("Log in again", text, link), 400);
}

async function sessionOf({ tokens, sessions }: AccessServices, request: GatePageRequest): Promise<Session | undefined> {
    const claims = await tokens.verify("org", readCookie(request, CookieName.Authorization) ?? "");
    return sessions.get(claims?.identity_nonce);
}

function applicationOf({ directory }: AccessServices, { aud }: LoginState): DirectoryApplication | undefined {
    return directory.applications().find((application) => application.aud === aud);
}

function providersFor({ directory }: AccessServices, application: DirectoryApplication | undefined): ProviderChoice[] {
    const configured = directory.identityProviders();
    const all: readonly ProviderChoice[] = configured.length === 0 ? [builtInProvider] : configured;
    const allowed = application?.settings.allowed_idps ?? [];
    return all.filter(({ id }) => allowed.length === 0 || allowed.includes(id));
}

function providerOf(services: AccessServices, state: LoginState, id: string): ProviderChoice | undefined {
    return providersFor(services, applicationOf(services, state)).find((provider) => provider.id === id);
}

function isRedirectedAtOnce({ directory }: AccessServices, application: DirectoryApplication | undefined): boolean {
    return (
        application?.settings.auto_redirect_to_identity ?? directory.organization()?.auto_redirect_to_identity ?? false
    );
}

/** Names the browser that a form is shown in, by a cookie. */
function browserOf(request: GatePageRequest): { browser: string; cookies: string[] } {
    const known = readCookie(request, CookieName.TeamSession) ?? "";
    const browser = /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString("base64url");
    return { browser, cookies: [teamSessionCookie(browser)] };
}

const csrfOf = (key: Buffer, browser: string): string => createHmac("sha256", key).update(browser).digest("base64url");
