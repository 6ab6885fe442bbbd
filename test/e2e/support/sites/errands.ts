/** What the agent inside a network namespace can be asked to do; one JSON document a line, each with the id that its answer bears. */
export type Errand =
    /** Serves a line protocol in clear: each line comes back with the service and its node before it. */
    | { readonly kind: "serve"; readonly name: string; readonly port: number; readonly address: string | undefined }
    /** Stops serving at a port, and drops its connections. */
    | { readonly kind: "stop"; readonly port: number }
    /** Connects, sends a line and reads one. */
    | { readonly kind: "ask"; readonly target: Target; readonly text: string; readonly withinMs: number }
    /** Connects and sends a line again and again over the one connection. */
    | { readonly kind: "hold"; readonly target: Target; readonly everyMs: number; readonly withinMs: number }
    /** Waits until a held connection has had so many more answers, or has ended. */
    | { readonly kind: "answers"; readonly held: number; readonly more: number }
    /** Waits until a held connection has ended, or ends it. */
    | { readonly kind: "end"; readonly held: number; readonly by: "other side" | "us" }
    /** Sends one datagram, whether or not somebody is there. */
    | { readonly kind: "datagram"; readonly target: Target; readonly text: string }
    /** Offers what listens in the namespace as a socket in the file system, which is that of this machine. */
    | { readonly kind: "expose"; readonly target: Target; readonly path: string }
    /** Looks a name up at one name server. */
    | { readonly kind: "resolve"; readonly server: string; readonly name: string; readonly type: "A" | "AAAA" | "SRV" };

/** Where a service is looked for. */
export interface Target {
    readonly host: string;
    readonly port: number;
}

/** What came of {@link Errand} `ask`: a line, or why there was none (`ECONNREFUSED`, `no answer`, `closed`). */
export type Answer = { readonly line: string } | { readonly refused: string };

/** What a held connection has lived through. */
export interface HeldReport {
    readonly answered: number;
    /** The longest time between two answers, in milliseconds. */
    readonly longestSilenceMs: number;
    /** How it ended; absent while it goes on. */
    readonly ended?: string;
}
