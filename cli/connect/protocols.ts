/** What a developer speaks to a service, and with which words: from the scheme and port of the service. */
export interface Protocol {
    /** As in a catalogue: `postgresql`, `ssh`, `http`, … */
    readonly name: string;
    /** The port that clients of it try first; undefined where there is no such convention. */
    readonly port?: number;
    /** What to give to a client that connects to a port of this machine. Never a password. */
    readonly connectionString: (port: number) => string;
}

const HOST = "127.0.0.1";

/** Protocols by name. `tcp` is any other. */
const TABLE: readonly Protocol[] = [
    { name: "postgresql", port: 5432, connectionString: (port) => `postgresql://USER@${HOST}:${port}/DATABASE` },
    { name: "mysql", port: 3306, connectionString: (port) => `mysql://USER@${HOST}:${port}/DATABASE` },
    { name: "sqlserver", port: 1433, connectionString: (port) => `sqlserver://${HOST}:${port};user=USER` },
    { name: "mongodb", port: 27017, connectionString: (port) => `mongodb://USER@${HOST}:${port}/DATABASE` },
    { name: "redis", port: 6379, connectionString: (port) => `redis://${HOST}:${port}/0` },
    { name: "ssh", port: 22, connectionString: (port) => `ssh://USER@${HOST}:${port}` },
    { name: "rdp", port: 3389, connectionString: (port) => `rdp://full%20address=s:${HOST}:${port}` },
    { name: "smb", port: 445, connectionString: (port) => `smb://${HOST}:${port}/SHARE` },
    { name: "tcp", connectionString: (port) => `${HOST}:${port}` },
];

/** Spoken by browsers, which need no local port. */
export const HTTP = "http";

export const PROTOCOL_NAMES: readonly string[] = [...TABLE.map(({ name }) => name), HTTP];

const HTTP_SCHEMES = new Set(["http", "https", "ws", "wss"]);

/** @throws Error for a name that is not in {@link PROTOCOL_NAMES}, or is {@link HTTP}: a mistake of ours. */
export function protocolNamed(name: string): Protocol {
    const protocol = TABLE.find((candidate) => candidate.name === name);
    if (protocol === undefined) {
        throw new Error(`"${name}" is no protocol of a local port`);
    }
    return protocol;
}

/** The protocol of a service in a stack file; undefined for what nobody connects to (a socket, a fixed status). */
export function protocolOfService({ scheme, port }: { scheme: string; port?: number }): string | undefined {
    if (HTTP_SCHEMES.has(scheme)) {
        return HTTP;
    }
    if (scheme === "tcp") {
        return TABLE.find((candidate) => candidate.port === port)?.name ?? "tcp";
    }
    return TABLE.find(({ name }) => name === scheme)?.name;
}
