import type { JWTPayload } from "jose";
import type { AccessDirectory, DirectoryApplication, ServiceToken } from "../../../accessDirectory.ts";
import type { GateRequest } from "../../accessGate.ts";
import type { Identity, Subject } from "../policy/subject.ts";
import type { AccessServices } from "../services.ts";
import { verifyClientCertificate } from "../session/clientCertificates.ts";
import { CookieName, readCookie } from "../session/cookies.ts";
import { authenticateServiceToken, readServiceCredentials, unusableReason } from "../session/serviceCredentials.ts";
import type { Session } from "../session/sessions.ts";

/** What the request shows of its sender. */
export interface Caller {
    readonly subject: Subject;
    /** The application's token that came along and is good. */
    readonly token?: string | undefined;
    /** The session that the token is of, for a person. */
    readonly session?: Session | undefined;
    /** The login of a person whose token for another application was forwarded, and when that token ends. */
    readonly linked?: LinkedLogin | undefined;
    /** Service-token credentials came along: whether they are anybody's, and if not, why. */
    readonly credentials: { readonly kind: "none" | "good" } | { readonly kind: "bad"; readonly reason: string };
}

/** A person's login at another application, as a forwarded token of it shows. */
export interface LinkedLogin {
    readonly session: Session;
    readonly application: DirectoryApplication;
    /** In milliseconds since 1970. */
    readonly expires: number;
}

/** Reads who sends a request to an application, from its headers, its cookie and its client certificate. */
export async function identifyCaller(
    services: AccessServices,
    request: GateRequest,
    application: DirectoryApplication,
): Promise<Caller> {
    const { directory, sessions, clock } = services;
    const { clientCertificate, clientIp, hostname } = request;
    const certificate = clientCertificate && verifyClientCertificate(directory, hostname, clientCertificate, clock());
    const forwarded = sentToken(request);
    const linked = forwarded === undefined ? undefined : await readLinkedLogin(services, forwarded, application);
    const linkedApplication = linked && {
        id: linked.application.id,
        name: linked.application.name,
        email: linked.session.identity.email,
    };
    const base: Subject = { clientIp, country: request.country, certificate, linkedApplication };
    const given = readServiceCredentials(request, application.settings);
    if (given.kind !== "none") {
        const outcome = given.kind === "given" ? authenticateServiceToken(directory, given, clock()) : given;
        if ("token" in outcome) {
            const subject = { ...base, serviceToken: presented(outcome.token) };
            return { subject, linked, credentials: { kind: "good" } };
        }
        // A cookie counts as well, but where the organization is strict: there the request is refused for its credentials.
        return { ...(await withToken()), linked, credentials: { kind: "bad", reason: outcome.reason } };
    }
    return { ...(await withToken()), linked, credentials: { kind: "none" } };

    async function withToken(): Promise<Omit<Caller, "credentials">> {
        const token = tokenOf(request);
        const claims = token === undefined ? undefined : await services.tokens.verify("app", token, application.aud);
        if (claims?.identity_nonce === undefined) {
            return claims === undefined
                ? { subject: base }
                : { subject: { ...base, ...serviceOf(services, claims) }, token };
        }
        const session = sessions.get(claims.identity_nonce);
        return session === undefined
            ? { subject: base }
            : { subject: personSubject(directory, base, session.identity), token, session };
    }
}

/** What is known of a sender whoever it is: the address, the country, the client certificate. */
export function anonymousSubject({ directory, clock }: AccessServices, request: GateRequest): Subject {
    const { clientCertificate, clientIp, country, hostname } = request;
    const certificate = clientCertificate && verifyClientCertificate(directory, hostname, clientCertificate, clock());
    return { clientIp, country, certificate };
}

/** The same sender, logged in. The country that a tester chose at the login counts for more than the edge's own. */
export function personSubject(directory: AccessDirectory, base: Subject, identity: Identity): Subject {
    return { ...base, country: identity.country ?? base.country, identity: presentIdentity(directory, identity) };
}

/** The person as they are now: of whoever has a registered device, the login's word of its posture no longer counts. */
export function presentIdentity(directory: AccessDirectory, identity: Identity): Identity {
    const { email } = identity;
    const devicePosture = directory.devicePosture(email) ?? identity.devicePosture;
    return { ...identity, devicePosture, riskScore: directory.riskScore(email) };
}

/** Whose request it is, for the log; undefined where nothing is known but an address. */
export function describeSubject({
    identity,
    serviceToken,
    certificate,
    linkedApplication,
}: Subject): string | undefined {
    if (identity !== undefined) {
        return identity.email;
    }
    if (serviceToken !== undefined) {
        return `service token "${serviceToken.name}"`;
    }
    return linkedApplication === undefined
        ? certificate && `certificate "${certificate.commonName}"`
        : `${linkedApplication.email} by way of app "${linkedApplication.name}"`;
}

/** Whether the organization wants the strict treatment of service tokens (DOCS service-tokens). */
export function isStrict({ directory }: Pick<AccessServices, "directory">): boolean {
    return directory.organization()?.strict_service_token_auth === true;
}

/** The application's token: the header that cloudflared sends, or else the browser's cookie. */
export function tokenOf(request: GateRequest): string | undefined {
    return sentToken(request) ?? readCookie(request, CookieName.Authorization);
}

function sentToken({ headers }: GateRequest): string | undefined {
    const header = headers["cf-access-token"];
    return typeof header === "string" && header !== "" ? header : undefined;
}

/**
 * The login that an application forwards to another one in `Cf-Access-Token`: a token as Access gave it out, of somebody who is
 * still logged in (developers.cloudflare.com/cloudflare-one/access-controls/applications/linked-app-token). A service's
 * token does not count: the page speaks of people's alone.
 */
async function readLinkedLogin(
    { directory, sessions, tokens }: AccessServices,
    token: string,
    { id }: DirectoryApplication,
): Promise<LinkedLogin | undefined> {
    const claims = await tokens.verify("app", token);
    const session = sessions.get(claims?.identity_nonce);
    const audiences = [claims?.aud].flat();
    const application = directory.applications().find(({ aud }) => audiences.includes(aud));
    return session === undefined || application === undefined || application.id === id
        ? undefined
        : { session, application, expires: (claims?.exp ?? 0) * 1000 };
}

/** The service token that a token was once given out for, if it is still one. */
function serviceOf({ directory, clock }: AccessServices, claims: JWTPayload): Pick<Subject, "serviceToken"> {
    const clientId = claims.common_name;
    const token = typeof clientId === "string" ? directory.serviceToken(clientId) : undefined;
    return token === undefined || unusableReason(token, clock()) !== undefined
        ? {}
        : { serviceToken: presented(token) };
}

const presented = ({ id, client_id: clientId, name }: ServiceToken): NonNullable<Subject["serviceToken"]> => ({
    id,
    clientId,
    name,
});
