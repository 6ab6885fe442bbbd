/** As many apps as a small company has. */
export const HOSTNAMES = Array.from({ length: 20 }, (_, i) => `app-${i}.example.com`);
/** The one that is asked. */
export const HOSTNAME = "app-10.example.com";

/** What an edge of the bench is to stand before. */
export interface EdgeInput {
    /** The proxy in front of the service, as an ingress rule has it. */
    readonly service: string;
    readonly originRequest: Readonly<Record<string, unknown>>;
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
