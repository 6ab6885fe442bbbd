/** As many apps as a small company has. */
export const HOSTNAMES = Array.from({ length: 20 }, (_, i) => `app-${i}.example.com`);
/** The one that is asked. */
export const HOSTNAME = "app-10.example.com";

/** What an edge of the bench is to stand before. */
export interface EdgeInput {
    /** The proxy in front of the service, as an ingress rule has it. */
    readonly service: string;
    readonly originRequest: Readonly<Record<string, unknown>>;
    /** What a bare proxy is to carry besides the request and its answer. Nothing where omitted. */
    readonly carried?: Carried | undefined;
}

/** What our edge adds to requests and answers, as it was seen at both ends. */
export interface Carried {
    /** What the client sends for the edge alone. */
    readonly credentials: Readonly<Record<string, string>>;
    readonly toOrigin: Readonly<Record<string, string>>;
    readonly toClient: Readonly<Record<string, string | string[]>>;
}

/** How connectors and clients reach an edge of the bench. */
export interface EdgeDescription {
    /** Where connectors dial, `host:port`. */
    readonly connectors: string;
    readonly caPem: string;
    readonly accountTag: string;
    readonly tunnelId: string;
    /** Base64. */
    readonly tunnelSecret: string;
    /** Port for clients on loopback. */
    readonly port: number;
    /** What a client must send to be let in. */
    readonly credentials: Readonly<Record<string, string>>;
}
