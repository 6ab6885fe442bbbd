import { randomBytes } from "node:crypto";
import { serialize } from "hono/utils/cookie";
import type { ApplicationSettings } from "../../../accessDirectory.ts";
import type { GateRequest } from "../../accessGate.ts";

/** The names that Access gives its cookies (DOCS authorization-cookie). */
export const CookieName = {
    /** The token: the application's on its own hostname, the organization's on the team domain. */
    Authorization: "CF_Authorization",
    /** Ties a login to the browser that began it, on the application's hostname; 24 hours. */
    AppSession: "CF_AppSession",
    /** Ties the forms to the browser that they were shown in, on the team domain; 4 hours. */
    TeamSession: "CF_Session",
    /** Ties a login at an identity provider to the browser that was sent there; ten minutes. The name is ours. */
    Provider: "CF_Provider",
} as const;

const appSessionSeconds = 86_400;
const teamSessionSeconds = 4 * 3600;
const providerSeconds = 600;

/** What the client sent under a name; of several the first, as browsers send the most specific one first. */
export function readCookie({ headers }: Pick<GateRequest, "headers">, name: string): string | undefined {
    for (const pair of (headers.cookie ?? "").split(";")) {
        const equals = pair.indexOf("=");
        if (equals > 0 && pair.slice(0, equals).trim() === name) {
            return pair.slice(equals + 1).trim();
        }
    }
    return undefined;
}

/** The name that a browser has by a cookie of ours, or a new one. One that is there is kept, so that logins in two tabs do not spoil one another. */
export function browserIn(request: Pick<GateRequest, "headers">, cookie: string): string {
    const known = readCookie(request, cookie) ?? "";
    return /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString("base64url");
}

/** `Set-Cookie` for an application's token, with the flags that the application chose. */
export function applicationCookie(token: string, expires: Date, settings: ApplicationSettings, domain: string): string {
    const last = lastCookies.get(settings);
    if (last?.token === token && last.domain === domain && last.expires === expires.getTime()) {
        return last.cookie;
    }
    const cookie = newApplicationCookie(token, expires, settings, domain);
    lastCookies.set(settings, { token, domain, expires: expires.getTime(), cookie });
    return cookie;
}

/** The last cookie of an application: a machine gets the same one with every answer. */
const lastCookies = new WeakMap<
    ApplicationSettings,
    { readonly token: string; readonly domain: string; readonly expires: number; readonly cookie: string }
>();

function newApplicationCookie(token: string, expires: Date, settings: ApplicationSettings, domain: string): string {
    const sameSite = settings.same_site_cookie_attribute || undefined;
    const slash = domain.indexOf("/");
    const path = settings.path_cookie_attribute && slash >= 0 ? domain.slice(slash).replace(/\*.*$/, "") : "/";
    return serialize(CookieName.Authorization, token, {
        path: path === "" ? "/" : path,
        secure: true,
        httpOnly: settings.http_only_cookie_attribute ?? true,
        expires: withinCookieLimit(expires),
        ...(sameSite === undefined ? {} : { sameSite }),
    });
}

export function organizationCookie(token: string, expires: Date): string {
    return serialize(CookieName.Authorization, token, {
        ...{ path: "/", secure: true, httpOnly: true, sameSite: "none" },
        expires: withinCookieLimit(expires),
    });
}

/** Lax: it must come along when the browser returns from the team domain, and never within another site's page. */
export function appSessionCookie(value: string): string {
    return serialize(CookieName.AppSession, value, {
        ...{ path: "/", secure: true, httpOnly: true, sameSite: "lax", maxAge: appSessionSeconds },
    });
}

export function teamSessionCookie(value: string): string {
    return serialize(CookieName.TeamSession, value, {
        ...{ path: "/cdn-cgi/access", secure: true, httpOnly: true, sameSite: "lax", maxAge: teamSessionSeconds },
    });
}

/** None: SAML's answer comes as a form of the provider's, which is another site. */
export function providerCookie(value: string): string {
    return serialize(CookieName.Provider, value, {
        ...{ path: "/cdn-cgi/access", secure: true, httpOnly: true, sameSite: "none" },
        maxAge: providerSeconds,
    });
}

/** Takes a cookie away that was set for the whole host. */
export function expiredCookie(name: string, path = "/"): string {
    return serialize(name, "", { path, secure: true, httpOnly: true, maxAge: 0, expires: new Date(0) });
}

/** Browsers keep no cookie longer than 400 days, and Hono makes none. */
function withinCookieLimit(expires: Date): Date {
    const limit = Date.now() + 399 * 86_400_000;
    return expires.getTime() > limit ? new Date(limit) : expires;
}
