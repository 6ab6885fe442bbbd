import type { IdentityProvider } from "../../../accessDirectory.ts";
import { RequestVerdict } from "../../../edgeControls.ts";
import type { GateRequest } from "../../accessGate.ts";
import { messagePage } from "../pages/loginPages.ts";
import { authorizationUrl, redeemCode } from "../providers/oidc.ts";
import { type PendingLogin, PendingLogins } from "../providers/pendingLogins.ts";
import { isAskedItself, type ProtocolType } from "../providers/protocols.ts";
import { authnRequestUrl, redeemResponse } from "../providers/saml.ts";
import { oidcSettings, samlSettings } from "../providers/settings.ts";
import { identityOf, LoginRefusedError, type Vouched } from "../providers/vouched.ts";
import { type AccessServices, originOf } from "../services.ts";
import { browserIn, CookieName, providerCookie, readCookie } from "../session/cookies.ts";
import { type LoginState, locationOf, readLoginState } from "../session/loginState.ts";
import { type PageContext, pageResponse, redirectTo } from "./commonPages.ts";
import { logIn, type ProviderLogin, providerOf, startAgain } from "./loginFlow.ts";
import type { PageApp } from "./pageAdapter.ts";

/** Where providers send people back to, the same path as at Cloudflare. */
const callbackPath = "/cdn-cgi/access/callback";

type ProtocolProvider = IdentityProvider & { readonly type: ProtocolType };

/** A login that came back, and the provider that it went to. */
interface Returned {
    readonly login: PendingLogin;
    readonly provider: ProtocolProvider;
    readonly state: LoginState;
}

/**
 * Logins at providers that are asked themselves, by OpenID Connect or SAML 2.0.
 *
 * @returns what sends a browser to one.
 */
export function mountProviderPages(
    app: PageApp,
    services: AccessServices,
): (context: PageContext, login: ProviderLogin<ProtocolProvider>) => Promise<Response> {
    const pending = new PendingLogins(services.clock);

    app.get(callbackPath, async (context) => {
        const { req } = context;
        const returned = await back(context, "oidc", req.query("state"));
        return returned === undefined
            ? startAgain(services, context)
            : enter(services, context, returned, () => {
                  const error = req.query("error");
                  if (error !== undefined) {
                      throw new LoginRefusedError(`it says ${[error, req.query("error_description")].join(" ")}`);
                  }
                  const settings = oidcSettings(returned.provider);
                  return redeemCode(settings, returned.login, req.query("code") ?? "", services.clock());
              });
    });

    app.post(callbackPath, async (context) => {
        // The form is the provider's, and so is its origin: what it answers to is in it, signed.
        const form = new URLSearchParams((await context.env.request.body()).toString("utf8"));
        const returned = await back(context, "saml", form.get("RelayState"));
        return returned === undefined
            ? startAgain(services, context)
            : enter(services, context, returned, () => {
                  const settings = samlSettings(returned.provider);
                  return redeemResponse(settings, returned.login, form.get("SAMLResponse") ?? "", services.clock());
              });
    });

    async function back(
        { env }: PageContext,
        type: ProtocolType,
        relayed: string | null | undefined,
    ): Promise<Returned | undefined> {
        const browser = readCookie(env.request, CookieName.Provider) ?? "";
        const login = pending.redeem(relayed ?? "", browser);
        const state = login && (await readLoginState(services, login.meta));
        const provider = login && state && providerOf(services, state, login.providerId);
        return login && provider && isAskedItself(provider) && provider.type === type
            ? { login, provider, state }
            : undefined;
    }

    return async (context, { provider, state }) => {
        const { request } = context.env;
        const browser = browserIn(request, CookieName.Provider);
        const callbackUrl = callbackFor(request);
        const begun = pending.begin({ providerId: provider.id, meta: state.meta, callbackUrl, browser });
        return refusing(context, { provider, state }, async () => {
            const location = await addressAt(services, provider, begun);
            context.env.note(`sent to "${provider.name}" to log in`);
            return redirectTo(location, 302, [providerCookie(browser)]);
        });
    };
}

const callbackFor = ({ hostname, port }: GateRequest): string => originOf(hostname, port) + callbackPath;

async function addressAt(
    { keys }: AccessServices,
    provider: ProtocolProvider,
    { state, login }: { readonly state: string; readonly login: PendingLogin },
): Promise<string> {
    return provider.type === "oidc"
        ? authorizationUrl(oidcSettings(provider), state, login)
        : authnRequestUrl(samlSettings(provider), state, login, await keys.signingKey());
}

/** Lets in whom the provider vouches for. */
function enter(
    services: AccessServices,
    context: PageContext,
    { provider, state }: Returned,
    ask: () => Promise<Vouched>,
): Promise<Response> {
    return refusing(context, { provider, state }, async () => {
        const identity = identityOf(await ask(), {
            provider,
            accountName: services.authDomain,
            ip: context.env.request.clientIp,
            now: services.clock(),
        });
        return logIn(services, context, state, identity);
    });
}

/** Turns a refusal into a page that says why. */
async function refusing(
    { env }: PageContext,
    { provider, state }: ProviderLogin,
    attempt: () => Promise<Response>,
): Promise<Response> {
    try {
        return await attempt();
    } catch (error) {
        if (!(error instanceof LoginRefusedError)) {
            throw error;
        }
        env.note(`login at "${provider.name}": ${error.message}`, { verdict: RequestVerdict.Refused });
        const { hostname, port, redirectPath } = state;
        const link = { href: locationOf(originOf(hostname, port), redirectPath), text: `Try ${hostname} again` };
        const text = `The login at ${provider.name} did not succeed: ${error.message}.`;
        return pageResponse(await messagePage("Not logged in", text, link), 403);
    }
}
