import type { Truth } from "./truth.ts";

/** Who somebody said to be, and what their identity provider vouched for, when they logged in. */
export interface Identity {
    /** UUID, the same for one e-mail address for as long as the edge runs. */
    readonly userId: string;
    readonly email: string;
    readonly name?: string | undefined;
    readonly provider: { readonly id: string; readonly type: string; readonly name: string };
    /** Names, ids or addresses of groups, as the provider writes them; a GitHub team is `organization/team`. */
    readonly groups: readonly string[];
    /** SAML attributes or OIDC claims, each with all its values. */
    readonly claims: Readonly<Record<string, readonly string[]>>;
    /** How the provider authenticated the person (`amr`, RFC 8176): `pwd`, `mfa`, `otp` … */
    readonly authMethods: readonly string[];
    /** Ids of the authentication contexts that the login met (`acrs`, Entra ID alone). */
    readonly authContexts?: readonly string[] | undefined;
    /** Ids of the posture rules that the device meets: what a page in a provider's place was told, until a device is registered. */
    readonly devicePosture: readonly string[];
    /** `low`, `medium`, `high` or `unscored`; undefined where the emulator was not told. */
    readonly riskScore?: string | undefined;
    /** ISO 3166-1 alpha-2 code of where the person logged in from. */
    readonly country?: string | undefined;
    /** Address that the person logged in from. */
    readonly ip: string;
    readonly loggedInAt: Date;
}

/** What the service of an external rule says of a person. */
export interface ExternalAnswer {
    readonly truth: Truth;
    /** Why it is not known, in words for the log. */
    readonly doubt?: string | undefined;
}

/** What is known of whoever sent a request. */
export interface Subject {
    readonly clientIp: string;
    /** ISO 3166-1 alpha-2 code; undefined where nobody said it. */
    readonly country?: string | undefined;
    /** Undefined for whoever has not logged in, and for policies that take no notice of it. */
    readonly identity?: Identity | undefined;
    /** The service token whose secret came with the request. */
    readonly serviceToken?: { readonly id: string; readonly clientId: string; readonly name: string } | undefined;
    /** A client certificate whose chain was verified. */
    readonly certificate?: { readonly commonName: string } | undefined;
    /** Another application, one of whose tokens was forwarded with the request, and whose login that token is of. */
    readonly linkedApplication?: { readonly id: string; readonly name: string; readonly email: string } | undefined;
    /** What the services of the external rules said of the identity, by `externalKey`; a rule that is not there was not asked about. */
    readonly externalAnswers?: ReadonlyMap<string, ExternalAnswer> | undefined;
}
