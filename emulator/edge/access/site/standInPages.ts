import { createHmac, randomBytes } from "node:crypto";
import type { IdentityProvider } from "../../../accessDirectory.ts";
import { type FormState, identityFormPage, pinPage } from "../pages/loginPages.ts";
import { isAskedItself } from "../providers/protocols.ts";
import { standInFor } from "../providers/standIns.ts";
import type { AccessServices } from "../services.ts";
import { browserIn, CookieName, readCookie, teamSessionCookie } from "../session/cookies.ts";
import { readLoginState } from "../session/loginState.ts";
import { isSameSecret } from "../session/sameSecret.ts";
import { type PageContext, pageResponse, readOwnForm } from "./commonPages.ts";
import { claimsOf, readIdentity } from "./identityForm.ts";
import { logIn, type ProviderLogin, providerOf, startAgain } from "./loginFlow.ts";
import type { PageApp } from "./pageAdapter.ts";
import { Pins } from "./pins.ts";

/**
 * Pages in the place of providers that are not asked themselves, and those of the one-time PIN.
 *
 * @returns what shows a provider's form.
 */
export function mountStandInPages(
    app: PageApp,
    services: AccessServices,
): (context: PageContext, login: ProviderLogin) => Promise<Response> {
    const pins = new Pins(services.clock);
    const formKey = randomBytes(32);

    app.post("/cdn-cgi/access/idp/:id", async (context) => {
        const submitted = await readForm(services, context, formKey);
        const provider = submitted && providerOf(services, submitted.state, context.req.param("id"));
        if (submitted === undefined || provider === undefined || isAskedItself(provider)) {
            return startAgain(services, context);
        }
        const { form, state, formState } = submitted;
        const identity = readIdentity(form, {
            provider,
            accountName: services.authDomain,
            knownPostureRules: services.directory.postureRules().map(({ id }) => id),
            ip: context.env.request.clientIp,
            now: services.clock(),
        });
        if ("mistakes" in identity) {
            context.env.note("a login form with mistakes");
            const details = { mistakes: identity.mistakes, given: form };
            return pageResponse(await formPage(services, provider, formState, details), 400);
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

    return async ({ env }, { provider, state }) => {
        env.note(`login form of "${provider.name}"`);
        const browser = browserIn(env.request, CookieName.TeamSession);
        const formState = { meta: state.meta, csrf: csrfOf(formKey, browser) };
        return pageResponse(await formPage(services, provider, formState), 200, [teamSessionCookie(browser)]);
    };
}

function formPage(
    { directory }: AccessServices,
    provider: IdentityProvider,
    state: FormState,
    sent: { readonly mistakes?: readonly string[]; readonly given?: URLSearchParams } = {},
): Promise<string> {
    const standIn = standInFor(provider);
    const postureRules = directory.postureRules();
    return identityFormPage({ provider, standIn, claims: claimsOf(provider), state, postureRules, ...sent });
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

const csrfOf = (key: Buffer, browser: string): string => createHmac("sha256", key).update(browser).digest("base64url");
