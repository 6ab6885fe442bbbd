import type { DirectoryApplication } from "../../../accessDirectory.ts";
import { RequestVerdict } from "../../../edgeControls.ts";
import type { GateDecision, GateRequest } from "../../accessGate.ts";
import { blockPage } from "../pages/blockPage.ts";
import { pageHeaders } from "../pages/layout.ts";
import { type AccessServices, originOf } from "../services.ts";
import { beginLogin } from "../session/loginState.ts";

/** Access's own answers are short texts. */
type Respond = Extract<GateDecision, { kind: "respond" }> & {
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly body: string;
};

const metadataLifetimeMs = 86_400_000;

/** The headers by which cloudflared learns what stands before a hostname, in its older and its newer way. */
export async function discoveryHeaders(
    { tokens, authDomain, clock }: AccessServices,
    request: GateRequest,
    { aud }: DirectoryApplication,
    domain: string,
): Promise<Record<string, string>> {
    const headers = { "cf-access-domain": domain, "cf-access-aud": aud };
    if (request.headers["cf-access-metadata-request"] !== "true") {
        return headers;
    }
    const claims = { hostname: request.hostname, auth_domain: authDomain, aud, app_hostname: domain };
    const metadata = await tokens.sign("match", claims, clock().getTime() + metadataLifetimeMs);
    return { ...headers, "cf-access-metadata": metadata };
}

/** Sends the client to the team's login page; cloudflared knows it by the status 302 and the beginning of the path. */
export async function loginRedirect(
    services: AccessServices,
    request: GateRequest,
    application: DirectoryApplication,
    headers: Readonly<Record<string, string>>,
    rule: string,
): Promise<Respond> {
    const { meta, redirectPath, cookie } = await beginLogin(services, request, application.aud);
    const login = new URL(`/cdn-cgi/access/login/${request.hostname}`, originOf(services.teamHost, request.port));
    login.search = new URLSearchParams({ kid: application.aud, redirect_url: redirectPath, meta }).toString();
    return {
        kind: "respond",
        status: 302,
        headers: {
            ...headers,
            location: login.href,
            "set-cookie": [cookie],
            "cache-control": "private, max-age=0, no-store, no-cache, must-revalidate",
        },
        body: "",
        rule,
        verdict: RequestVerdict.Login,
    };
}

/** 401: for clients that cannot follow a login page. */
export function unauthorized(headers: Readonly<Record<string, string>>, rule: string): Respond {
    return {
        kind: "respond",
        status: 401,
        headers: {
            ...headers,
            "content-type": "text/plain; charset=utf-8",
            "cache-control": "no-store",
            "www-authenticate": 'Cloudflare-Access realm="Access"',
        },
        body: "401 Unauthorized: this needs a login, or a service token that is good.\n",
        rule,
    };
}

/** 403 with the page that says why, or wherever the application wants those sent whom it refuses. */
export async function forbidden(
    request: GateRequest,
    application: DirectoryApplication | undefined,
    headers: Readonly<Record<string, string>>,
    rule: string,
    who?: string,
    logoutUrl?: string,
): Promise<Respond & { readonly headers: Readonly<Record<string, string>> }> {
    const { custom_deny_url, custom_non_identity_deny_url, custom_deny_message } = application?.settings ?? {};
    const elsewhere = (who === undefined && custom_non_identity_deny_url) || custom_deny_url;
    if (elsewhere && URL.canParse(elsewhere)) {
        const location = new URL(elsewhere).href;
        return { kind: "respond", status: 302, headers: { ...headers, location }, body: "", rule };
    }
    return {
        kind: "respond",
        status: 403,
        headers: { ...headers, ...pageHeaders },
        body: await blockPage({
            hostname: request.hostname,
            reason: rule,
            ray: request.ray,
            message: custom_deny_message,
            who,
            logoutUrl,
        }),
        rule,
    };
}

/** 400 for a path whose policy cannot be told. */
export async function ambiguousPath(request: GateRequest): Promise<Respond> {
    const rule = "the path can be read in several ways, for which different applications are responsible";
    return {
        kind: "respond",
        status: 400,
        headers: pageHeaders,
        body: await blockPage({ hostname: request.hostname, reason: rule, ray: request.ray }),
        rule,
    };
}
