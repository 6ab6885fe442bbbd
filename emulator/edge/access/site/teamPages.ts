import type { DirectoryApplication } from "../../../accessDirectory.ts";
import type { GatePageRequest } from "../../accessGate.ts";
import { chooseProviderPage } from "../pages/loginPages.ts";
import { isAskedItself } from "../providers/protocols.ts";
import type { AccessServices } from "../services.ts";
import { CookieName, readCookie } from "../session/cookies.ts";
import { destinationOf, readLoginState } from "../session/loginState.ts";
import type { Session } from "../session/sessions.ts";
import { mountCommonPages, pageResponse, redirectTo } from "./commonPages.ts";
import { applicationOf, finish, providerOf, providersFor, startAgain } from "./loginFlow.ts";
import { newPageApp, type PageApp } from "./pageAdapter.ts";
import { mountProviderPages } from "./providerPages.ts";
import { mountStandInPages } from "./standInPages.ts";

/** The team's domain: where people log in, whatever application they come from. */
export function teamPages(services: AccessServices): PageApp {
    const app = newPageApp();
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

    const showStandIn = mountStandInPages(app, services);
    const sendToProvider = mountProviderPages(app, services);

    app.get("/cdn-cgi/access/idp/:id", async (context) => {
        const state = await readLoginState(services, context.req.query("meta") ?? "");
        const provider = state && providerOf(services, state, context.req.param("id"));
        if (state === undefined || provider === undefined) {
            return startAgain(services, context);
        }
        return isAskedItself(provider)
            ? sendToProvider(context, { provider, state })
            : showStandIn(context, { provider, state });
    });
    return app;
}

async function sessionOf({ tokens, sessions }: AccessServices, request: GatePageRequest): Promise<Session | undefined> {
    const claims = await tokens.verify("org", readCookie(request, CookieName.Authorization) ?? "");
    return sessions.get(claims?.identity_nonce);
}

function isRedirectedAtOnce({ directory }: AccessServices, application: DirectoryApplication | undefined): boolean {
    return (
        application?.settings.auto_redirect_to_identity ?? directory.organization()?.auto_redirect_to_identity ?? false
    );
}
