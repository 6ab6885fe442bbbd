/** What a TCP application speaks. Each has its usual port, the scheme of its ingress rule and its own way to connect. */
export const TcpProtocol = {
    /** PostgreSQL, port 5432. */
    PostgreSql: "postgresql",
    /** MySQL and MariaDB, port 3306. */
    MySql: "mysql",
    /** Redis and Valkey, port 6379. */
    Redis: "redis",
    /** SSH, port 22. */
    Ssh: "ssh",
    /** Microsoft's remote desktop, port 3389. */
    Rdp: "rdp",
    /** Windows file sharing, port 445. */
    Smb: "smb",
    /** VNC, port 5900. */
    Vnc: "vnc",
    /** Any other protocol over TCP; the port must be given. */
    Tcp: "tcp",
} as const;
export type TcpProtocol = (typeof TcpProtocol)[keyof typeof TcpProtocol];

interface ProtocolFacts {
    /** Registered port (IANA service names); none for plain TCP. */
    readonly port?: number;
    /** Scheme of the ingress rule's service (cloudflared, `ingress/origin_service.go`). */
    readonly scheme: "tcp" | "ssh" | "rdp" | "smb";
    /** Type of the application whose client runs in the browser, where Access has one. */
    readonly browser?: "ssh" | "vnc";
}

export const PROTOCOLS: Readonly<Record<TcpProtocol, ProtocolFacts>> = {
    postgresql: { port: 5432, scheme: "tcp" },
    mysql: { port: 3306, scheme: "tcp" },
    redis: { port: 6379, scheme: "tcp" },
    ssh: { port: 22, scheme: "ssh", browser: "ssh" },
    rdp: { port: 3389, scheme: "rdp" },
    smb: { port: 445, scheme: "smb" },
    vnc: { port: 5900, scheme: "tcp", browser: "vnc" },
    tcp: { scheme: "tcp" },
};

/** What an origin speaks, told by its scheme, or by its port where the scheme is `tcp`. */
export function protocolOf(scheme: string, port: number | undefined): TcpProtocol {
    const found = Object.entries(PROTOCOLS).find(
        ([name, facts]) => facts.scheme === scheme && (scheme !== "tcp" ? name === scheme : facts.port === port),
    );
    return (found?.[0] as TcpProtocol | undefined) ?? TcpProtocol.Tcp;
}
