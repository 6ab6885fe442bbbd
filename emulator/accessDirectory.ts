import type { ClientCertificateAuthority } from "./api/products/access/certificates.ts";
import type { AccessGroup } from "./api/products/access/group.ts";
import type { IdentityProvider } from "./api/products/access/identityProviders.ts";
import type { Organization } from "./api/products/access/organizations.ts";
import type { PolicyBody } from "./api/products/access/policy.ts";
import type { ServiceToken } from "./api/products/access/serviceTokens.ts";
import type { PostureRule } from "./api/products/devices/postureRules.ts";

export type { AccessRule, RuleLists } from "./api/products/access/rules.ts";
export type { ClientCertificateAuthority, IdentityProvider, Organization, PostureRule, ServiceToken };

/** A policy in full, as an application holds it: a reusable one, or one of the application's own. */
export interface DirectoryPolicy extends PolicyBody {
    readonly id: string;
    /** Its place among the application's policies; the lowest comes first. */
    readonly precedence: number;
}

/** The settings of an application that change how its requests are answered; all the API's names. */
export interface ApplicationSettings {
    /** How long a person stays in, a Go duration; the organization's when left out. */
    readonly session_duration?: string | undefined;
    /** Ids of the identity providers that may be used; all of the account's when left out or empty. */
    readonly allowed_idps?: readonly string[] | undefined;
    /** With a single provider, skips the page on which one is chosen. */
    readonly auto_redirect_to_identity?: boolean | undefined;
    readonly http_only_cookie_attribute?: boolean | undefined;
    readonly path_cookie_attribute?: boolean | undefined;
    readonly same_site_cookie_attribute?: "strict" | "lax" | "none" | "" | undefined;
    /** Answers 401 rather than the login page where only Service Auth policies could let a request in. */
    readonly service_auth_401_redirect?: boolean | undefined;
    /** Lets CORS preflight requests (OPTIONS) through to the origin unasked. */
    readonly options_preflight_bypass?: boolean | undefined;
    readonly custom_deny_message?: string | undefined;
    readonly custom_deny_url?: string | undefined;
    readonly custom_non_identity_deny_url?: string | undefined;
    /** Name of the one header that may carry a service token as JSON. */
    readonly read_service_tokens_from_header?: string | undefined;
}

/** An Access application with everything that a decision about a request needs. */
export interface DirectoryApplication {
    readonly id: string;
    /** The audience tag, 64 hex digits. */
    readonly aud: string;
    readonly name: string;
    readonly type: string;
    /** Public hostnames, each with an optional path; `*` is a wildcard. */
    readonly hostnames: readonly string[];
    /** In order of precedence. */
    readonly policies: readonly DirectoryPolicy[];
    readonly settings: ApplicationSettings;
}

/**
 * The seam between `emulator/api` (implements it) and Access at the edge (uses it).
 *
 * As with the tunnels, the edge holds no copy: everything is synchronous, and a decision is not older than the last API call.
 */
export interface AccessDirectory {
    /** The account's Access organization; undefined where Access is not set up. */
    organization(): Organization | undefined;
    /** The applications of the account and of its zones that stand on public hostnames. */
    applications(): readonly DirectoryApplication[];
    group(id: string): AccessGroup | undefined;
    /** The values of a Zero Trust list; undefined when there is none of that id. */
    listValues(id: string): readonly string[] | undefined;
    /** The service token that a client names by its `client_id`. */
    serviceToken(clientId: string): ServiceToken | undefined;
    identityProviders(): readonly IdentityProvider[];
    postureRules(): readonly PostureRule[];
    /**
     * Ids of the posture rules that somebody's registered devices pass. Which of several a request comes from nobody can tell here, so
     * it is what all of them pass; undefined for whoever has none.
     */
    devicePosture(email: string): readonly string[] | undefined;
    /** How risky somebody is, as the emulator was told; undefined where it was told nothing. */
    riskScore(email: string): string | undefined;
    /** The name of the group, list, service token, application, identity provider or posture rule that a rule names by its id. */
    nameOf(id: string): string | undefined;
    clientCertificateAuthorities(): readonly ClientCertificateAuthority[];
}
