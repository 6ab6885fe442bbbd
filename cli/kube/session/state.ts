/** How a cluster's tunnel is. */
export const TunnelState = {
    /** It is being found out. */
    Connecting: "connecting",
    /** A person must log in. */
    Login: "login",
    Up: "up",
    /** It is tried again and again. */
    Down: "down",
    /** Access says no. */
    Refused: "refused",
} as const;
export type TunnelState = (typeof TunnelState)[keyof typeof TunnelState];

export interface Condition {
    readonly state: TunnelState;
    /** Why it is not up; for a login, where. */
    readonly why?: string;
    /** Address at which a person logs in. Whoever has it makes the login theirs: it is shown on this machine alone. */
    readonly loginUrl?: string;
}

/** A cluster of a session, as `sallyport kube status --json` has it. */
export interface TunnelView extends Condition {
    readonly name: string;
    readonly hostname: string;
    readonly server: string;
    readonly port: number;
    /** Since when it is so: milliseconds since 1970. */
    readonly since: number;
    /** Connections that go through now. */
    readonly clients: number;
    /** When the login ends: milliseconds since 1970. */
    readonly loginEnds?: number;
}
