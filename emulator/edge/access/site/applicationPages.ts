import { RequestVerdict } from "../../../edgeControls.ts";
import { anonymousSubject, personSubject } from "../gate/caller.ts";
import { forbidden } from "../gate/responses.ts";
import { messagePage } from "../pages/loginPages.ts";
import { evaluateForPeople } from "../policy/evaluate.ts";
import { type AccessServices, originOf } from "../services.ts";
import { applicationCookie, CookieName, readCookie } from "../session/cookies.ts";
import { sessionMilliseconds } from "../session/durations.ts";
import { destinationOf, hashOf, locationOf } from "../session/loginState.ts";
import { mountCommandLinePages } from "./commandLinePages.ts";
import { mountCommonPages, pageResponse, redirectTo } from "./commonPages.ts";
import { newPageApp, type PageApp } from "./pageAdapter.ts";

/** What Access answers below `/cdn-cgi/access` on the hostnames of applications. */
export function applicationPages(services: AccessServices): PageApp {
    const app = newPageApp();
    mountCommonPages(app, services, ["app"]);
    mountCommandLinePages(app, services);

    /** Where a login ends: its code becomes the application's token, in the browser that began it and in no other. */
    app.get("/cdn-cgi/access/authorized", async ({ env, req }) => {
        const { request } = env;
        const { hostname, port } = request;
        const appSession = readCookie(request, CookieName.AppSession) ?? "";
        const login = services.codes.redeem(req.query("code") ?? "", hostname, hashOf(appSession));
        const session = services.sessions.get(login?.nonce);
        const destination = login && destinationOf(services.directory, login);
        if (!login || !session || !destination) {
            env.note("a login that is over, or that another browser began");
            const text = "This login is over, or another browser began it.";
            return pageResponse(
                await messagePage("Log in again", text, {
                    href: `${originOf(hostname, port)}/`,
                    text: `Go to ${hostname}`,
                }),
                400,
            );
        }
        const { application, domain } = destination;
        const { identity } = session;
        const subject = personSubject(services.directory, anonymousSubject(services, request), identity);
        const { decision, policy, reason } = evaluateForPeople(application.policies, subject, services.directory);
        const rule = `app "${application.name}", ${reason}`;
        env.note(rule, { who: identity.email });
        if (decision !== "allow") {
            env.note(rule, { who: identity.email, verdict: RequestVerdict.Refused });
            const logout = `${originOf(services.teamHost, port)}/cdn-cgi/access/logout`;
            const { status, headers, body } = await forbidden(request, application, {}, rule, identity.email, logout);
            return new Response(body, { status, headers });
        }
        const lifetime = sessionMilliseconds(policy, application.settings, services.directory.organization());
        const { token, expires } = await services.applicationTokens.forPerson(session, application.aud, lifetime);
        const cookie = applicationCookie(token, expires, application.settings, domain);
        return redirectTo(locationOf(originOf(hostname, port), login.redirectPath), 302, [cookie]);
    });
    return app;
}
