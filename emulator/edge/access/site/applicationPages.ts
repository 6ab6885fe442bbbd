import { messagePage } from "../pages/loginPages.ts";
import { type AccessServices, originOf } from "../services.ts";
import { CookieName, readCookie } from "../session/cookies.ts";
import { destinationOf, hashOf } from "../session/loginState.ts";
import { mountCommandLinePages } from "./commandLinePages.ts";
import { mountCommonPages, pageResponse } from "./commonPages.ts";
import { enter, mountPurposePage } from "./entry.ts";
import { newPageApp, type PageApp } from "./pageAdapter.ts";

/** What Access answers below `/cdn-cgi/access` on the hostnames of applications. */
export function applicationPages(services: AccessServices): PageApp {
    const app = newPageApp();
    mountCommonPages(app, services, ["app"]);
    mountCommandLinePages(app, services);
    mountPurposePage(app, services);

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
        return enter(services, { env }, { session, ...destination, redirectPath: login.redirectPath });
    });
    return app;
}
