import type { DirectoryApplication, DirectoryPolicy } from "../../../accessDirectory.ts";
import { RequestVerdict } from "../../../edgeControls.ts";
import { anonymousSubject, personSubject } from "../gate/caller.ts";
import { judgePerson } from "../gate/judgePerson.ts";
import { forbidden } from "../gate/responses.ts";
import { messagePage } from "../pages/loginPages.ts";
import { purposePage } from "../pages/purposePage.ts";
import { type AccessServices, originOf } from "../services.ts";
import { applicationCookie, CookieName, readCookie } from "../session/cookies.ts";
import { sessionMilliseconds } from "../session/durations.ts";
import { destinationOf, hashOf, locationOf } from "../session/loginState.ts";
import { asksWhy, type Session } from "../session/sessions.ts";
import { type PageContext, pageResponse, readOwnForm, redirectTo } from "./commonPages.ts";
import type { PageApp } from "./pageAdapter.ts";

const purposePath = "/cdn-cgi/access/purpose";
const purposeLifetimeMs = 3_600_000;
const maximumPurpose = 1000;

/** Somebody who has logged in and stands before an application. */
export interface Arrival {
    readonly session: Session;
    readonly application: DirectoryApplication;
    /** The domain that makes the application cover the path. */
    readonly domain: string;
    readonly redirectPath: string;
    /** Why they enter, once they have said it, and the policy that asked. */
    readonly answer?: { readonly policyId: string; readonly text: string } | undefined;
}

/** Gives the browser the application's token, asks why first, or says why not: as the application's policies have it. */
export async function enter(
    services: AccessServices,
    { env }: Pick<PageContext, "env">,
    arrival: Arrival,
): Promise<Response> {
    const { request } = env;
    const { session, application, domain, redirectPath, answer } = arrival;
    const { email } = session.identity;
    const subject = personSubject(services.directory, anonymousSubject(services, request), session.identity);
    const { decision, policy, reason } = await judgePerson(services, application, subject);
    const rule = `app "${application.name}", ${reason}`;
    if (decision !== "allow") {
        env.note(rule, { who: email, verdict: RequestVerdict.Refused });
        const logout = `${originOf(services.teamHost, request.port)}/cdn-cgi/access/logout`;
        const { status, headers, body } = await forbidden(request, application, {}, rule, email, logout);
        return new Response(body, { status, headers });
    }
    const purpose = answer?.policyId === policy?.id ? answer?.text : undefined;
    if (purpose === undefined && asksWhy(policy, application.aud, session, services.clock())) {
        env.note(`${rule}, which asks for a reason`, { who: email });
        return pageResponse(await askWhy(services, { env }, arrival, policy));
    }
    const lifetime = sessionMilliseconds(policy, application.settings, services.directory.organization());
    const { token, expires } = await services.applicationTokens.forPerson(session, application.aud, lifetime);
    if (purpose !== undefined && policy !== undefined) {
        const given = { aud: application.aud, policyId: policy.id, text: purpose, until: expires.getTime() };
        await services.sessions.justify(session.nonce, given);
    }
    env.note(purpose === undefined ? rule : `${rule}, for the reason "${purpose}"`, { who: email });
    const cookie = applicationCookie(token, expires, application.settings, domain);
    const location = locationOf(originOf(request.hostname, request.port), redirectPath);
    return redirectTo(location, answer === undefined ? 302 : 303, [cookie]);
}

/** The page that {@link askWhy} shows sends its answer here. */
export function mountPurposePage(app: PageApp, services: AccessServices): void {
    app.post(purposePath, async ({ env }) => {
        const form = await readOwnForm(env.request);
        const arrival = await readArrival(services, { env }, form?.get("entry") ?? "");
        if (form === undefined || arrival === undefined) {
            env.note("a reason for a login that is over, or that another browser began");
            const text = "This login is over, or another browser began it. Open the application again.";
            return pageResponse(await messagePage("Log in again", text), 400);
        }
        const { policyId, application } = arrival;
        const text = (form.get("purpose") ?? "").replaceAll(/\s+/g, " ").trim();
        if (text === "" || text.length > maximumPurpose) {
            const asking = application.policies.find(({ id }) => id === policyId);
            const mistake = `Reason: is ${text === "" ? "empty" : "too long"}; write up to ${maximumPurpose} characters`;
            env.note("no reason to enter");
            return pageResponse(await askWhy(services, { env }, arrival, asking, [mistake]), 400);
        }
        return enter(services, { env }, { ...arrival, answer: { policyId, text } });
    });
}

async function askWhy(
    { tokens, clock }: AccessServices,
    { env }: Pick<PageContext, "env">,
    { session, application, redirectPath }: Arrival,
    policy: DirectoryPolicy | undefined,
    mistakes: readonly string[] = [],
): Promise<string> {
    const { hostname } = env.request;
    const claims = {
        aud: [application.aud],
        identity_nonce: session.nonce,
        redirect_url: redirectPath,
        policy_id: policy?.id,
        app_session: hashOf(readCookie(env.request, CookieName.AppSession) ?? ""),
    };
    return purposePage({
        hostname,
        email: session.identity.email,
        prompt: policy?.purpose_justification_prompt,
        entry: await tokens.sign("entry", claims, clock().getTime() + purposeLifetimeMs),
        action: purposePath,
        mistakes,
    });
}

/** What an `entry` token says, for the browser that it was made for; its cookie is the hostname's. */
async function readArrival(
    services: AccessServices,
    { env }: Pick<PageContext, "env">,
    entry: string,
): Promise<(Arrival & { readonly policyId: string }) | undefined> {
    const { request } = env;
    const claims = await services.tokens.verify("entry", entry);
    const session = services.sessions.get(claims?.identity_nonce);
    const browser = readCookie(request, CookieName.AppSession) ?? "";
    if (!claims || !session || claims.app_session !== hashOf(browser)) {
        return undefined;
    }
    const redirectPath = String(claims.redirect_url);
    const aud = String([claims.aud].flat()[0]);
    const destination = destinationOf(services.directory, { hostname: request.hostname, redirectPath, aud });
    return destination && { session, ...destination, redirectPath, policyId: String(claims.policy_id) };
}
