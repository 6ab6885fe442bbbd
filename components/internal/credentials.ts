/** What cloudflared reads with `--credentials-file` (cloudflared, `connection/connection.go`). */
export interface TunnelCredentials {
    accountId: string;
    tunnelId: string;
    /** The tunnel's secret, base64 of at least 32 bytes. */
    tunnelSecret: string;
}

/** The credentials file of a tunnel. Every version of cloudflared reads it, unlike a token file (2025.4 and later). */
export function credentialsFile({ accountId, tunnelId, tunnelSecret }: TunnelCredentials): string {
    return JSON.stringify({ AccountTag: accountId, TunnelSecret: tunnelSecret, TunnelID: tunnelId });
}
