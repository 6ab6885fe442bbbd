import { createHmac, randomBytes } from "node:crypto";
import type { DirectoryApplication } from "../../../accessDirectory.ts";
import { RequestVerdict } from "../../../edgeControls.ts";
import type { GatePageRequest } from "../../accessGate.ts";
import { type Caller, identifyCaller } from "../gate/caller.ts";
import { judgePerson } from "../gate/judgePerson.ts";
import { forbidden, loginRedirect } from "../gate/responses.ts";
import { approvalPage } from "../pages/commandLinePages.ts";
import { messagePage } from "../pages/loginPages.ts";
import { applicationsOn } from "../policy/applicationMatch.ts";
import type { AccessServices } from "../services.ts";
import { sessionMilliseconds } from "../session/durations.ts";
import { COMMAND_LINE_PATH } from "../session/loginState.ts";
import { isSameSecret } from "../session/sameSecret.ts";
import type { Session } from "../session/sessions.ts";
import { organizationToken } from "../tokens/organizationToken.ts";
import { publicKeyPattern } from "../transfer/sealedBox.ts";
import { type PageContext, pageResponse, readOwnForm } from "./commonPages.ts";
import type { PageApp } from "./pageAdapter.ts";

/** What a command line asks for. */
interface Asked {
    readonly application: DirectoryApplication;
    /** The key that it wants the tokens sealed for. */
    readonly publicKey: string;
}

/** Somebody whom the application lets in. */
interface Admitted {
    readonly session: Session;
    /** The application's token that the browser has. */
    readonly token: string;
    /** How long a token for the application is good, in milliseconds. */
    readonly lifetimeMs: number;
}

/**
 * The page that `cloudflared access login` opens: it hands the browser's login over to the command line, once its owner says so.
 * `…/cli?token=<public key>&aud=<application>` (cloudflared's token/transfer.go).
 */
export function mountCommandLinePages(app: PageApp, services: AccessServices): void {
    const formKey = randomBytes(32);
    const approvalOf = (token: string, publicKey: string) =>
        createHmac("sha256", formKey).update(`${token}\n${publicKey}`).digest("base64url");

    app.get(COMMAND_LINE_PATH, async (context) => {
        const { env, req } = context;
        const asked = askedFor(services, env.request, req.query("aud"), req.query("token"));
        if (asked === undefined) {
            return notAsked(context);
        }
        const admitted = await admit(services, context, asked.application);
        if (admitted instanceof Response) {
            return admitted;
        }
        env.note("asked whether the command line may log in", { who: admitted.session.identity.email });
        const { publicKey, application } = asked;
        const details = {
            hostname: env.request.hostname,
            email: admitted.session.identity.email,
            fields: { token: publicKey, aud: application.aud, approval: approvalOf(admitted.token, publicKey) },
            action: COMMAND_LINE_PATH,
        };
        return pageResponse(await approvalPage(details));
    });

    app.post(COMMAND_LINE_PATH, async (context) => {
        const { request } = context.env;
        const form = await readOwnForm(request);
        const asked = askedFor(services, request, form?.get("aud"), form?.get("token"));
        if (form === undefined || asked === undefined) {
            return notAsked(context);
        }
        const admitted = await admit(services, context, asked.application);
        if (admitted instanceof Response) {
            return admitted;
        }
        const { publicKey, application } = asked;
        const { session, token, lifetimeMs } = admitted;
        if (!isSameSecret(form.get("approval") ?? "", approvalOf(token, publicKey))) {
            return notAsked(context);
        }
        const fresh = await services.applicationTokens.forPerson(session, application.aud, lifetimeMs);
        const tokens = { app_token: fresh.token, org_token: await organizationToken(services, session) };
        services.transfers.put(publicKey, JSON.stringify(tokens));
        const { email } = session.identity;
        context.env.note(`app "${application.name}", handed over to the command line`, { who: email });
        const title = "The command line is logged in";
        return pageResponse(await messagePage(title, "Go back to the terminal; this page can be closed."));
    });
}

/** Undefined for a key that is none, and for an application that is not on this hostname. */
function askedFor(
    { directory }: AccessServices,
    { hostname }: GatePageRequest,
    aud: string | null | undefined,
    publicKey: string | null | undefined,
): Asked | undefined {
    const found = applicationsOn(directory.applications(), hostname).find(({ application }) => application.aud === aud);
    return found !== undefined && publicKeyPattern.test(publicKey ?? "")
        ? { application: found.application, publicKey: publicKey ?? "" }
        : undefined;
}

/** Lets in whoever the application lets in; anybody else gets the login page, or reads why not. */
async function admit(
    services: AccessServices,
    { env }: PageContext,
    application: DirectoryApplication,
): Promise<Admitted | Response> {
    const { request } = env;
    const { subject, token }: Caller = await identifyCaller(services, request, application);
    const claims = token === undefined ? undefined : await services.tokens.verify("app", token, application.aud);
    const session = services.sessions.get(claims?.identity_nonce);
    if (token === undefined || session === undefined) {
        const rule = `app "${application.name}", a command line wants to log in, and nobody is logged in here`;
        const { status, headers } = await loginRedirect(services, request, application, {}, rule);
        env.note(rule, { verdict: RequestVerdict.Login });
        return responseOf(status, headers, "");
    }
    const { decision, policy, reason } = await judgePerson(services, application, subject);
    if (decision !== "allow") {
        const rule = `app "${application.name}", ${reason}`;
        const { email } = session.identity;
        env.note(rule, { who: email, verdict: RequestVerdict.Refused });
        const { status, headers, body } = await forbidden(request, application, {}, rule, email);
        return responseOf(status, headers, body);
    }
    const lifetimeMs = sessionMilliseconds(policy, application.settings, services.directory.organization());
    return { session, token, lifetimeMs };
}

async function notAsked({ env }: PageContext): Promise<Response> {
    env.note("not what a command line asks for");
    const text = "This is not what a command line asks for. Start the login again in the terminal.";
    return pageResponse(await messagePage("Log in again", text), 400);
}

function responseOf(
    status: number,
    headers: Readonly<Record<string, string | readonly string[]>>,
    body: string,
): Response {
    const pairs = Object.entries(headers).flatMap(([name, values]) =>
        [values].flat().map((value): [string, string] => [name, value]),
    );
    return new Response(body, { status, headers: new Headers(pairs) });
}
