/** What singles somebody or something out: a kind and its value, as Access and Gateway know them. */
export interface Selector {
    readonly kind: SelectorKind;
    /** An address, a domain, a name …; empty for kinds that need none. */
    readonly value: string;
    /** Identity provider that vouches for it, by its name. */
    readonly provider?: string;
}

/** Kinds of selectors. The first group is decided by an e-mail address alone, the rest by what only a login, a device or a network shows. */
export const SelectorKind = {
    Everyone: "everyone",
    Email: "email",
    EmailDomain: "email domain",

    EmailList: "e-mail list",
    AccessGroup: "Access group",
    IdentityGroup: "identity group",
    IpRange: "IP range",
    IpList: "IP list",
    Country: "country",
    ServiceToken: "service token",
    AnyServiceToken: "any service token",
    Certificate: "any client certificate",
    CertificateName: "client certificate",
    Posture: "device posture",
    LoginMethod: "login method",
    AuthMethod: "authentication method",
    AuthContext: "authentication context",
    RiskScore: "risk score",
    ExternalEvaluation: "external evaluation",
    ApplicationToken: "application token",
    /** Any device with Cloudflare's client that is enrolled in the organization. */
    Device: "enrolled device",
    Approval: "approval",
    Justification: "justification",
    Isolation: "browser isolation",
    /** Whoever an Access application lets in that is not part of the stack. */
    OtherApplication: "other application",
    /** An expression of Gateway's that this model has no selector for. */
    Expression: "expression",
    /** What a preview cannot know yet. */
    Unknown: "unknown",
} as const;
export type SelectorKind = (typeof SelectorKind)[keyof typeof SelectorKind];

/** Narrows a grant: any of the selectors must hold, or none of them may. */
export interface Condition {
    readonly demand: "only" | "except";
    readonly anyOf: readonly Selector[];
}

/** Somebody's way in: one policy and what it demands. */
export interface Way {
    /** Name of the Access policy or Gateway rule. */
    readonly rule: string;
    /** How long one login lasts, in Go's form or in words. */
    readonly session: string;
    /** Each of them must be met. */
    readonly conditions: readonly Condition[];
}

/** What somebody can reach. */
export interface Target {
    readonly kind: TargetKind;
    /** Host name with path, address range, or name of a host: what tells targets apart. */
    readonly name: string;
    /** Where the tunnel leads: the service behind a host name. */
    readonly origin?: string;
    /** Tunnel that leads there, by its name; none where no tunnel of the stack does. */
    readonly tunnel?: string;
}

export const TargetKind = {
    /** A host name that browsers open. */
    Web: "web",
    /** A host name in front of a database, an SSH server or the like. */
    Tcp: "tcp",
    /** Addresses of a private network. */
    Network: "network",
    /** A host name of a private network. */
    PrivateHostname: "private hostname",
    /** A Kubernetes cluster's API. */
    Cluster: "cluster",
} as const;
export type TargetKind = (typeof TargetKind)[keyof typeof TargetKind];

/** Somebody reaches something, in one way or several. */
export interface Grant {
    readonly who: Selector;
    readonly target: Target;
    readonly ways: readonly Way[];
}

/** Who reaches what. */
export interface AccessGraph {
    /** Everything that can be reached, also what nobody reaches; sorted. */
    readonly targets: readonly Target[];
    /** Sorted by target and by who, each pair once. */
    readonly grants: readonly Grant[];
}
