import type * as pulumi from "@pulumi/pulumi";

/** A name with a value, as SAML attributes and OIDC claims are. */
export interface NamedValue {
    /** Name of the attribute or claim. The provider must be told to pass it on. */
    name: string;
    /** The value, or one of several values, that it must have. */
    value: string;
}

/** A group that an identity provider knows. Exactly one kind of group is given beside the provider. */
export interface IdentityGroup {
    /** UUID of the provider ({@link IdentityProvider}) that vouches for the group. */
    identityProviderId: pulumi.Input<string>;
    /** Google Workspace: e-mail address of the group. */
    googleGroup?: string;
    /** Okta: name of the group. */
    oktaGroup?: string;
    /** Microsoft Entra ID: object id of the group, a UUID. */
    azureGroupId?: string;
    /** GitHub: organisation, the last part of its address. */
    githubOrganization?: string;
    /** GitHub: team of `githubOrganization`, the last part of its address. Every member of the organisation if omitted. */
    githubTeam?: string;
    /** SAML: attribute with a value. */
    samlAttribute?: NamedValue;
    /** OpenID Connect: claim with a value. */
    oidcClaim?: NamedValue;
}

/** A check of the device, met by any one of several rules. */
export interface PostureRequirement {
    /** Ids of posture rules: the `ruleIds` of a {@link DevicePosture}. */
    anyOf: pulumi.Input<pulumi.Input<string>[]>;
}

/** What members of an audience must meet besides being members. All that is given is demanded; within a list any one entry does. */
export interface AudienceRequirements {
    /** People must have logged in with one of these providers, by UUID. Any of the application's if omitted. */
    identityProviderIds?: pulumi.Input<pulumi.Input<string>[]>;
    /** People must have proved who they are in one of these ways (RFC 8176), such as `mfa` or `hwk`; the provider must report it. */
    authenticationMethods?: string[];
    /** People must belong to one of these groups too. */
    groups?: IdentityGroup[];
    /** People must have an address in one of these domains too. */
    emailDomains?: string[];
    /** The device must pass every one of these checks. */
    posture?: PostureRequirement[];
    /** Whoever comes must present a client certificate of an authority that is associated with the host name ({@link MutualTlsCertificate}). False if omitted. */
    clientCertificate?: boolean;
}

/** Who is kept out although a member. */
export interface AudienceExclusions {
    /** People by e-mail address. */
    emails?: string[];
    /** Everybody with an address in one of these domains. */
    emailDomains?: string[];
    /** People of these groups. */
    groups?: IdentityGroup[];
    /** Whoever comes from one of these addresses or CIDR ranges. */
    ipRanges?: string[];
    /** Whoever comes from one of these countries (ISO 3166-1 alpha-2). */
    countries?: string[];
}

/** People say why they enter, which is logged. */
export interface PurposeJustification {
    /** The question that they are asked. Cloudflare's own if omitted. */
    prompt?: string;
}

/** People enter once somebody else has agreed. */
export interface AudienceApproval {
    /** E-mail addresses of those who may agree. */
    approvers: string[];
    /** How many of them must agree. One if omitted. */
    approvalsNeeded?: number;
}
