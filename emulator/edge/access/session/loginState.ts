import { createHash } from "node:crypto";
import type { DirectoryApplication } from "../../../accessDirectory.ts";
import type { GateRequest } from "../../accessGate.ts";
import { applicationsOn, matchApplication } from "../policy/applicationMatch.ts";
import type { AccessServices } from "../services.ts";
import { appSessionCookie, browserIn, CookieName } from "./cookies.ts";

const lifetimeMs = 3_600_000;

/** Where a browser hands a login over to the command line. It stands on every hostname, whatever the paths of its applications. */
export const COMMAND_LINE_PATH = "/cdn-cgi/access/cli";

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
    const appSession = browserIn(request, CookieName.AppSession);
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
    return destinationOf(directory, state) === undefined ? undefined : state;
}

/** The application that a login leads back to, as long as it still stands where the login began, and the domain that makes it so. */
export function destinationOf(
    directory: AccessServices["directory"],
    { hostname, redirectPath, aud }: Pick<LoginState, "hostname" | "redirectPath" | "aud">,
): { readonly application: DirectoryApplication; readonly domain: string } | undefined {
    const path = redirectPath.split("?", 1)[0] ?? "/";
    const applications = directory.applications();
    if (path === COMMAND_LINE_PATH) {
        const found = applicationsOn(applications, hostname).find(({ application }) => application.aud === aud);
        return found && { application: found.application, domain: `${hostname}${COMMAND_LINE_PATH}` };
    }
    const match = matchApplication(applications, hostname, path);
    return match.kind === "application" && match.application.aud === aud ? match : undefined;
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
