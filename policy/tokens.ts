/**
 * Type tokens of the resources that the rules judge. The provider packages are not imported: a pack that loaded them
 * would cost seconds at each start, and it judges programs in every language anyway.
 *
 * pulumi-cloudflare 6 registers a renamed resource under its old token when a program uses the old class.
 */
export const Token = {
    accessApplication: [
        "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
        "cloudflare:index/accessApplication:AccessApplication",
    ],
    accessGroup: [
        "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
        "cloudflare:index/accessGroup:AccessGroup",
    ],
    accessPolicy: [
        "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
        "cloudflare:index/accessPolicy:AccessPolicy",
    ],
    certificatePack: ["cloudflare:index/certificatePack:CertificatePack"],
    cloudflareProvider: ["pulumi:providers:cloudflare"],
    dnsRecord: ["cloudflare:index/dnsRecord:DnsRecord", "cloudflare:index/record:Record"],
    tunnel: [
        "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
        "cloudflare:index/tunnel:Tunnel",
    ],
    tunnelConfig: [
        "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
        "cloudflare:index/tunnelConfig:TunnelConfig",
    ],
    zone: ["cloudflare:index/zone:Zone"],
    dockerContainer: ["docker:index/container:Container"],
    dockerNetwork: ["docker:index/network:Network"],
    dockerService: ["docker:index/service:Service"],
    dockerServiceConfig: ["docker:index/serviceConfig:ServiceConfig"],
} as const satisfies Record<string, readonly string[]>;

/** Whether a resource is one of a family of types. */
export function isA(resource: { readonly type: string }, family: readonly string[]): boolean {
    return family.includes(resource.type);
}
