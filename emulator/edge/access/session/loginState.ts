import { createHash, randomBytes } from "node:crypto";
import type { GateRequest } from "../../accessGate.ts";
import { matchApplication } from "../policy/applicationMatch.ts";
import type { AccessServices } from "../services.ts";
import { appSessionCookie, CookieName, readCookie } from "./cookies.ts";

const lifetimeMs = 3_600_000;

/** What a login must remember of the request that began it. It travels through the pages as a signed token, `meta`. */
export interface LoginState {
    readonly hostname: string;
    readonly port: number;
    readonly aud: string;
    /** Path and query to return to; always begins with one slash. */
    readonly redirectPath: string;
    readonly appSession: string;
    /** The token that the rest was read from. */
    readonly meta: string;
}

/** Begins a login: where to send the client, and the cookie that ties what comes back to it. */
export async function beginLogin(
    { tokens, clock }: AccessServices,
    request: GateRequest,
    aud: string,
): Promise<{ readonly meta: string; readonly redirectPath: string; readonly cookie: string }> {
    const known = readCookie(request, CookieName.AppSession) ?? "";
    // One that is there already is kept, so that logins in two tabs do not spoil one another.
    const appSession = /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString("base64url");
    const redirectPath = request.query === "" ? request.path : `${request.path}?${request.query}`;
    const claims = {
        hostname: request.hostname,
        port: request.port,
        aud: [aud],
        redirect_url: redirectPath,
        app_session: hashOf(appSession),
    };
    const meta = await tokens.sign("meta", claims, clock().getTime() + lifetimeMs);
    return { meta, redirectPath, cookie: appSessionCookie(appSession) };
}

/** What a `meta` token says, as long as the application it was made for still stands where it says. */
export async function readLoginState(
    { tokens, directory }: AccessServices,
    meta: string,
): Promise<LoginState | undefined> {
    const claims = await tokens.verify("meta", meta);
    if (claims === undefined) {
        return undefined;
    }
    const state = {
        hostname: String(claims.hostname),
        port: Number(claims.port),
        aud: String([claims.aud].flat()[0]),
        redirectPath: String(claims.redirect_url),
        appSession: String(claims.app_session),
        meta,
    };
    const path = state.redirectPath.split("?", 1)[0] ?? "/";
    const match = matchApplication(directory.applications(), state.hostname, path);
    return match.kind === "application" && match.application.aud === state.aud ? state : undefined;
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("base64url");

/** A path and query as a `Location` may carry it: no character in it can end the header, or name another host. */
export function locationOf(origin: string, path: string): string {
    const url = new URL(origin);
    const [pathname = "/", ...query] = path.split("?");
    url.pathname = pathname;
    url.search = query.join("?");
    return url.href;
}
