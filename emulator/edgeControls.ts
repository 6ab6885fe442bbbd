/** What became of a request from outside, in a word. */
export const RequestVerdict = {
    /** Access let it pass. */
    Allowed: "allowed",
    /** It passed because no Access application covers it. */
    Unguarded: "unguarded",
    /** Nobody was logged in, so Access sent the client to the login page. */
    Login: "login",
    /** Access said no. */
    Refused: "refused",
    /** It was for a page of Access or of the emulator itself, such as the login. */
    Page: "page",
    /** The edge turned it away before Access was asked: no such hostname, malformed, or Access itself failed. */
    Error: "error",
} as const;
export type RequestVerdict = (typeof RequestVerdict)[keyof typeof RequestVerdict];

/** One request from outside, once it is answered. It holds no query, header, cookie or token. */
export interface PublicRequestEvent {
    readonly ray: string;
    readonly time: Date;
    readonly hostname: string;
    readonly method: string;
    /** Without the query, which may carry tokens. */
    readonly path: string;
    /** What the client got; 499 when it went before there was an answer. */
    readonly status: number;
    /** What kept the edge from an answer of the origin's, where something did: `Cloudflare Tunnel error`. */
    readonly problem?: string | undefined;
    readonly verdict: RequestVerdict;
    /** Whose request it was, where that is known: an e-mail address, `service token "ci"`, `certificate "laptop"`. */
    readonly who?: string | undefined;
    /** What let it in or refused it. */
    readonly rule: string;
    readonly tunnelId?: string | undefined;
    readonly connectorId?: string | undefined;
    readonly durationMs: number;
}

/** A request that goes into a tunnel although Access never saw it. */
export interface RequestAroundAccess {
    /** Public hostname, lower case, no port. */
    readonly hostname: string;
    /** Path with the query. */
    readonly path: string;
}

/** What one connector made of a request around Access. */
export interface AnswerAroundAccess {
    /** UUID of the connector. */
    readonly connectorId: string;
    readonly status: number;
    /** The origin's headers, by lower-case name; none when the connector answered by itself. */
    readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** The hostname leads to no tunnel. */
export class NoTunnelError extends Error {
    override readonly name = "NoTunnelError";
}

/**
 * What the emulator's own HTTP interface offers of an edge. The edge implements it, and is attached once it runs: the API half
 * knows no more of the edge than this.
 */
export interface EdgeControls {
    /** The last requests from outside, oldest first. */
    readonly requests: readonly PublicRequestEvent[];

    /**
     * Asks each connector of the hostname's tunnel once, with a request that carries no token: a connector that demands the
     * Access token by itself answers 403, and its origin hears nothing. Cloudflare has no such way; it takes this emulator's token.
     *
     * @throws NoTunnelError
     */
    askAroundAccess(request: RequestAroundAccess): Promise<readonly AnswerAroundAccess[]>;
}
