/** Where a public hostname's proxied DNS record leads. */
export type HostnameTarget =
    | { readonly kind: "tunnel"; readonly tunnelId: string }
    /** A proxied record that does not name a tunnel of the zone's own account. This edge reaches nothing but tunnels. */
    | { readonly kind: "elsewhere"; readonly content: string };

/**
 * What the edge's public side needs to know of the API's zones and DNS records.
 *
 * Like `TunnelDirectory` it is synchronous: an answer is never older than the last API call.
 */
export interface HostnameDirectory {
    /** The name of the zone that a hostname belongs to, the longest one where zones are nested; undefined when none of ours. */
    zoneOf(hostname: string): string | undefined;

    /**
     * Follows a hostname (lower case, no port) to where its proxied record leads. Wildcard records count where DNS has them count:
     * only for names that nothing closer stands for (RFC 4592). Undefined when there is no record, or one that is not proxied,
     * which a resolver would not send here.
     */
    targetOf(hostname: string): HostnameTarget | undefined;
}
