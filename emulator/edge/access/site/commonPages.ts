import type { Context } from "hono";
import type { GatePageRequest, GateRequest } from "../../accessGate.ts";
import { identityDocument } from "../external/identityDocument.ts";
import { presentIdentity, tokenOf } from "../gate/caller.ts";
import { pageHeaders } from "../pages/layout.ts";
import { messagePage } from "../pages/loginPages.ts";
import type { AccessServices } from "../services.ts";
import { originOf } from "../services.ts";
import { CookieName, expiredCookie } from "../session/cookies.ts";
import { locationOf, readLoginState } from "../session/loginState.ts";
import type { TokenType } from "../tokens/tokenIssuer.ts";
import type { PageApp, PageBindings } from "./pageAdapter.ts";

export type PageContext = Context<{ Bindings: PageBindings }>;

/** The pages that applications' hostnames and the team's domain have in common. */
export function mountCommonPages(
    app: PageApp,
    services: AccessServices,
    /** Which of a person's tokens count here. */
    types: readonly Extract<TokenType, "app" | "org">[],
): void {
    app.get("/cdn-cgi/access/certs", ({ env }) => {
        env.note("signing keys");
        const published = services.keys.published();
        const [signing] = published.filter(({ since }) => since !== undefined).slice(-1);
        return Response.json({
            ...services.keys.keySet(),
            public_cert: { kid: signing?.kid, cert: signing?.certificate },
            public_certs: published.map(({ kid, certificate }) => ({ kid, cert: certificate })),
        });
    });

    app.get("/cdn-cgi/access/get-identity", async ({ env }) => {
        const session = services.sessions.get(await nonceOf(services, env.request, types));
        if (session === undefined) {
            env.note("asked for an identity without a token");
            return Response.json({ err: "no app token set" }, { status: 401, headers: noStore });
        }
        env.note("asked for their identity");
        const identity = presentIdentity(services.directory, session.identity);
        return Response.json(identityDocument(services.directory, identity), { headers: noStore });
    });

    app.get("/cdn-cgi/access/logout", async ({ env, req }) => {
        const { hostname, port } = env.request;
        const isTeamDomain = types.includes("org");
        const nonce = await nonceOf(services, env.request, types);
        if (nonce === undefined && !isTeamDomain) {
            // Whoever an application refused is logged in at the team's domain alone.
            env.note("sent on to log out of the team");
            return redirectTo(`${originOf(services.teamHost, port)}/cdn-cgi/access/logout`, 302);
        }
        env.note("logged out");
        await services.sessions.end(nonce);
        const state = await readLoginState(services, req.query("meta") ?? "");
        const back = state && locationOf(originOf(state.hostname, state.port), state.redirectPath);
        const headers = new Headers(pageHeaders);
        headers.append("set-cookie", expiredCookie(CookieName.Authorization));
        const href = back ?? (isTeamDomain ? undefined : `${originOf(hostname, port)}/`);
        const link = href === undefined ? undefined : { href, text: `Back to ${state?.hostname ?? hostname}` };
        const text = "You are logged out here and of every application that you came to with this login.";
        return new Response(await messagePage("Logged out", text, link), { headers });
    });
}

/** The session that the request's token belongs to. */
async function nonceOf(
    { tokens }: AccessServices,
    request: GateRequest,
    types: readonly TokenType[],
): Promise<unknown> {
    const token = tokenOf(request) ?? "";
    const claims = await Promise.all(types.map((type) => tokens.verify(type, token)));
    return claims.find((found) => found !== undefined)?.identity_nonce;
}

/** What a form of ours was filled in with; undefined for anything else that was sent, and from any other origin. */
export async function readOwnForm(request: GatePageRequest): Promise<URLSearchParams | undefined> {
    const { origin, "content-type": contentType = "" } = request.headers;
    const isOwn = origin === undefined || origin === originOf(request.hostname, request.port);
    return isOwn && contentType.startsWith("application/x-www-form-urlencoded")
        ? new URLSearchParams((await request.body()).toString("utf8"))
        : undefined;
}

/** An answer that is a page of ours. */
export function pageResponse(body: string, status = 200, cookies: readonly string[] = []): Response {
    const headers = new Headers(pageHeaders);
    for (const cookie of cookies) {
        headers.append("set-cookie", cookie);
    }
    return new Response(body, { status, headers });
}

/** 302 for a GET, which cloudflared follows; 303 after a form. */
export function redirectTo(location: string, status: 302 | 303, cookies: readonly string[] = []): Response {
    const headers = new Headers({ ...noStore, location });
    for (const cookie of cookies) {
        headers.append("set-cookie", cookie);
    }
    return new Response(null, { status, headers });
}

const noStore = { "cache-control": "private, no-store" };
