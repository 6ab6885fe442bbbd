/** What became of a connection into a private network, in a word. */
export const PrivateVerdict = {
    /** It stands: the connector has reached the destination. */
    Connected: "connected",
    /** The device or its secret is not known. */
    Unknown: "unknown-device",
    /** The device's profile keeps this destination out of the private network. */
    Excluded: "excluded",
    /** A rule of Gateway's refused it. */
    Blocked: "blocked",
    /** No route leads there in the device's virtual network. */
    NoRoute: "no-route",
    /** The route's tunnel has no connector. */
    NoConnector: "no-connector",
    /** The connector did not reach the destination. */
    Unreachable: "unreachable",
    /** The client asked for what cannot be had here, UDP for example. */
    Unsupported: "unsupported",
    /** It failed through nobody's fault but ours. */
    Failed: "failed",
} as const;
export type PrivateVerdict = (typeof PrivateVerdict)[keyof typeof PrivateVerdict];

/** One attempt of a device to reach something in a private network. It holds no secret. */
export interface PrivateConnectionEvent {
    readonly time: Date;
    /** The device's name, as the client said it. */
    readonly device: string;
    /** Whose device it is, where that is known. */
    readonly who?: string | undefined;
    /** `address:port` or `name:port`. */
    readonly destination: string;
    readonly verdict: PrivateVerdict;
    /** What let it in or kept it out: `Gateway rule "office: nobody else (traffic)" (Block)`. */
    readonly rule: string;
    readonly tunnelId?: string | undefined;
    readonly connectorId?: string | undefined;
    /** Until the answer to the client. */
    readonly durationMs: number;
}

/** The last attempts, oldest first. */
export interface PrivateConnections {
    all(): readonly PrivateConnectionEvent[];
}
