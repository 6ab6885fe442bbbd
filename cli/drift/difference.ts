/** Where a difference was found. */
export const DriftSource = {
    /** Between what the files declare and what was deployed last. */
    Program: "program",
    /** Between what was deployed last and what Cloudflare and Docker have. */
    Api: "api",
    /** Between what is promised and what runs. */
    Running: "running",
} as const;
export type DriftSource = (typeof DriftSource)[keyof typeof DriftSource];

/** One value that is not as it should be. Secrets are blinded by the engine. */
export interface ValueDifference {
    /** Place in the resource, such as `policies[0].id`. */
    readonly path: string;
    /** As it should be; omitted means that nothing should be there. */
    readonly expected?: unknown;
    /** As it is; omitted means that nothing is there. */
    readonly found?: unknown;
}

/** Who made a change, as the account's audit log tells it. */
export interface Author {
    /** E-mail address, name of a token, or kind of actor. */
    readonly who: string;
    /** Where: the dashboard, the API, with the program's own name for itself. */
    readonly through: string;
    /** In RFC 3339. */
    readonly when: string;
}

/** Something that is not as it should be, a part of `sallyport drift --json`. */
export interface Difference {
    readonly source: DriftSource;
    /** What it is about: a resource, a host name, a tunnel, a service. */
    readonly subject: string;
    /** Type token of the resource, where it is one. */
    readonly type?: string;
    /** In words: `would be updated`, `is gone`, `differs`, or what a check saw. */
    readonly what: string;
    /** Each value that differs; empty where there is nothing to show. */
    readonly values: readonly ValueDifference[];
    /** Who made it; omitted where the log does not tell. */
    readonly author?: Author;
    /** What to do about it, where there is better advice than to look who made it. */
    readonly remedy?: string;
}

/** A question that could not be put, or not be answered. */
export interface NotCompared {
    readonly what: string;
    readonly reason: string;
}

/** The answer of `sallyport drift --json`. */
export interface Drift {
    readonly stack: string;
    /** No difference was found. What was not compared is in its own list. */
    readonly ok: boolean;
    readonly differences: readonly Difference[];
    readonly notCompared: readonly NotCompared[];
}
