import type { DirectoryApplication, DirectoryPolicy } from "../../../accessDirectory.ts";
import { RequestVerdict } from "../../../edgeControls.ts";
import type { GateDecision, GateRequest } from "../../accessGate.ts";
import { matchApplication } from "../policy/applicationMatch.ts";
import { evaluateUnattended, isUnattended, refusal, type Verdict } from "../policy/evaluate.ts";
import type { AccessServices } from "../services.ts";
import { applicationCookie } from "../session/cookies.ts";
import { sessionMilliseconds } from "../session/durations.ts";
import { credentialHeaders } from "../session/serviceCredentials.ts";
import { asksWhy } from "../session/sessions.ts";
import { type Caller, describeSubject, identifyCaller, isStrict, type LinkedLogin } from "./caller.ts";
import { judgePerson } from "./judgePerson.ts";
import { ambiguousPath, discoveryHeaders, forbidden, loginRedirect, unauthorized } from "./responses.ts";

/**
 * Decides about one request. Bypass and Service Auth are asked first, then, of whoever has logged in, Allow and Block.
 *
 * Cloudflare asks who somebody is at the login only, and the rest with every request; here everything is asked with every
 * request, so that a changed policy holds at once.
 */
export async function decide(services: AccessServices, request: GateRequest): Promise<GateDecision> {
    const { directory } = services;
    const match = matchApplication(directory.applications(), request.hostname, request.path);
    if (match.kind === "ambiguous") {
        return ambiguousPath(request);
    }
    if (match.kind === "none") {
        return directory.organization()?.deny_unmatched_requests === true
            ? forbidden(
                  request,
                  undefined,
                  {},
                  "no application covers this, and the organization denies what none covers",
              )
            : {
                  kind: "pass",
                  forward: {},
                  rule: "no Access application covers this",
                  verdict: RequestVerdict.Unguarded,
              };
    }
    const { application, domain } = match;
    const decision = await decideForApplication(services, request, application, domain);
    return decision.kind === "pass"
        ? { ...decision, withhold: credentialHeaders(request, application.settings) }
        : decision;
}

/** The same once it is known which application covers the request. */
async function decideForApplication(
    services: AccessServices,
    request: GateRequest,
    application: DirectoryApplication,
    domain: string,
): Promise<GateDecision> {
    if (application.settings.options_preflight_bypass === true && isPreflight(request)) {
        return pass(application, "CORS preflight, which the application lets through");
    }
    const caller = await identifyCaller(services, request, application);
    const decision = await decideForCaller(services, request, application, domain, caller);
    return { ...decision, who: describeSubject(caller.subject) };
}

/** The same once it is known who sends the request, too. */
async function decideForCaller(
    services: AccessServices,
    request: GateRequest,
    application: DirectoryApplication,
    domain: string,
    caller: Caller,
): Promise<GateDecision> {
    const headers = await discoveryHeaders(services, request, application, domain);
    if (headers["cf-access-metadata"] !== undefined) {
        return loginRedirect(services, request, application, headers, named(application, "asked what stands here"));
    }
    if (caller.credentials.kind === "bad" && isStrict(services)) {
        return unauthorized(headers, named(application, caller.credentials.reason));
    }
    const unattended = evaluateUnattended(application.policies, caller.subject, services.directory);
    if (unattended !== undefined) {
        return passUnattended(services, application, domain, caller, unattended);
    }
    return decideForPerson(services, request, application, caller, headers);
}

/** What becomes of a request that no Bypass and no Service Auth policy lets through. */
async function decideForPerson(
    services: AccessServices,
    request: GateRequest,
    application: DirectoryApplication,
    { subject, token, session, credentials }: Caller,
    headers: Record<string, string>,
): Promise<GateDecision> {
    const { directory, clock } = services;
    const { policies, settings } = application;
    if (session !== undefined && token !== undefined) {
        const { email } = session.identity;
        const verdict = await judgePerson(services, application, subject);
        const rule = named(application, verdict.reason);
        if (verdict.decision !== "allow") {
            return forbidden(request, application, headers, rule, email);
        }
        if (asksWhy(verdict.policy, application.aud, session, clock())) {
            // Where the login ends, the question is put.
            return toLogin(`${rule}, which asks for a reason`);
        }
        return isTokenCheck(request)
            ? {
                  kind: "respond",
                  status: 200,
                  headers: { "cache-control": "no-store" },
                  body: "",
                  rule,
                  verdict: RequestVerdict.Allowed,
              }
            : pass(application, verdict.reason, {
                  "cf-access-jwt-assertion": token,
                  "cf-access-authenticated-user-email": email,
              });
    }
    if (credentials.kind === "bad") {
        return forbidden(request, application, headers, named(application, credentials.reason));
    }
    const unattended = policies.filter(isUnattended);
    if (credentials.kind === "good" || subject.serviceToken !== undefined) {
        return forbidden(
            request,
            application,
            headers,
            named(application, refusal(unattended, subject, directory).reason),
        );
    }
    return toLogin(named(application, "nobody is logged in"));

    function toLogin(rule: string): GateDecision | Promise<GateDecision> {
        const isForServicesOnly = policies.every(isUnattended) && settings.service_auth_401_redirect === true;
        return isForServicesOnly || request.headers["x-requested-with"] === "XMLHttpRequest"
            ? unauthorized(headers, rule)
            : loginRedirect(services, request, application, headers, rule);
    }
}

/** Lets a request through that needs no login: without a word to the origin for Bypass, with a token for Service Auth. */
async function passUnattended(
    services: AccessServices,
    application: DirectoryApplication,
    domain: string,
    caller: Caller,
    { decision, policy, reason }: Verdict,
): Promise<GateDecision> {
    if (decision === "bypass") {
        return pass(application, reason);
    }
    const lifetime = sessionMilliseconds(policy, application.settings, services.directory.organization());
    const linked = linkThatLetsIn(services, application, caller, policy);
    if (linked !== undefined) {
        return passLinked(services, application, linked, reason, lifetime);
    }
    const { subject, credentials } = caller;
    const commonName = subject.serviceToken?.clientId ?? subject.certificate?.commonName ?? "";
    const { token, expires } = await services.applicationTokens.forService(commonName, application.aud, lifetime);
    const givesCookie = credentials.kind === "good" && !isStrict(services);
    return {
        ...pass(application, reason, { "cf-access-jwt-assertion": token }),
        ...(givesCookie ? { setCookies: [applicationCookie(token, expires, application.settings, domain)] } : {}),
    };
}

/** The forwarded login, where the policy would not have let the request in without it. */
function linkThatLetsIn(
    { directory }: AccessServices,
    { policies }: DirectoryApplication,
    { subject, linked }: Caller,
    policy: DirectoryPolicy | undefined,
): LinkedLogin | undefined {
    if (linked === undefined) {
        return undefined;
    }
    const without = evaluateUnattended(policies, { ...subject, linkedApplication: undefined }, directory);
    return without?.policy === policy ? undefined : linked;
}

/** Tells the origin of the person behind a forwarded token, no longer than that token would have. */
async function passLinked(
    { applicationTokens, clock }: AccessServices,
    application: DirectoryApplication,
    { session, expires }: LinkedLogin,
    reason: string,
    lifetimeMs: number,
): Promise<GateDecision> {
    const remainingMs = Math.min(lifetimeMs, expires - clock().getTime());
    const { token } = await applicationTokens.forPerson(session, application.aud, remainingMs);
    return pass(application, reason, {
        "cf-access-jwt-assertion": token,
        "cf-access-authenticated-user-email": session.identity.email,
    });
}

function pass(
    application: DirectoryApplication,
    reason: string,
    forward: Record<string, string> = {},
): Extract<GateDecision, { kind: "pass" }> {
    return { kind: "pass", forward, rule: named(application, reason) };
}

const named = ({ name }: DirectoryApplication, reason: string): string => `app "${name}", ${reason}`;

function isPreflight({ method, headers }: GateRequest): boolean {
    return (
        method === "OPTIONS" && headers.origin !== undefined && headers["access-control-request-method"] !== undefined
    );
}

/** cloudflared asks in this way whether its token still counts, and does not want the origin's answer. */
const isTokenCheck = ({ query }: GateRequest): boolean =>
    new URLSearchParams(query).get("cloudflared_token_check") === "true";
