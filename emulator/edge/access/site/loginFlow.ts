import type { DirectoryApplication, IdentityProvider } from "../../../accessDirectory.ts";
import { messagePage } from "../pages/loginPages.ts";
import type { Identity } from "../policy/subject.ts";
import { type AccessServices, originOf } from "../services.ts";
import { organizationCookie } from "../session/cookies.ts";
import { sessionMilliseconds } from "../session/durations.ts";
import type { LoginState } from "../session/loginState.ts";
import type { Session } from "../session/sessions.ts";
import { organizationToken } from "../tokens/organizationToken.ts";
import { type PageContext, pageResponse, redirectTo } from "./commonPages.ts";

/** What an account without an identity provider of its own logs in with, as Cloudflare's do. */
const builtInProvider: IdentityProvider = {
    ...{ id: "onetimepin", name: "One-time PIN", type: "onetimepin", config: {} },
    ...{ created_at: "", updated_at: "" },
};

/** A login that goes through a provider. */
export interface ProviderLogin<Provider = IdentityProvider> {
    readonly provider: Provider;
    readonly state: LoginState;
}

/** Somebody has said who they are: from now on the browser has the organization's token, for all applications. */
export async function logIn(
    services: AccessServices,
    context: PageContext,
    state: LoginState,
    identity: Identity,
): Promise<Response> {
    const { sessions, directory } = services;
    const session = await sessions.open(identity, sessionMilliseconds(undefined, {}, directory.organization()));
    const token = await organizationToken(services, session);
    return finish(services, context, state, session, 303, [organizationCookie(token, new Date(session.expires))]);
}

/** Sends the browser back to the application's hostname, where the policies decide. */
export function finish(
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
export async function startAgain({ directory }: AccessServices, { env, req }: PageContext): Promise<Response> {
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

export function applicationOf({ directory }: AccessServices, { aud }: LoginState): DirectoryApplication | undefined {
    return directory.applications().find((application) => application.aud === aud);
}

/** The providers that an application's visitors may choose from. */
export function providersFor(
    { directory }: AccessServices,
    application: DirectoryApplication | undefined,
): readonly IdentityProvider[] {
    const configured = directory.identityProviders();
    const all = configured.length === 0 ? [builtInProvider] : configured;
    const allowed = application?.settings.allowed_idps ?? [];
    return all.filter(({ id }) => allowed.length === 0 || allowed.includes(id));
}

/** The provider of that id, if the login's application allows it. */
export function providerOf(services: AccessServices, state: LoginState, id: string): IdentityProvider | undefined {
    return providersFor(services, applicationOf(services, state)).find((provider) => provider.id === id);
}
