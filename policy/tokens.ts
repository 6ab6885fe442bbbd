/**
 * Type tokens of the resources that the rules judge. The provider packages are not imported: a pack that loaded them
 * would cost seconds at each start, and it judges programs in every language anyway.
 */
export const Token = {
    accessApplication: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
    accessGroup: "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
    accessInfrastructureTarget:
        "cloudflare:index/zeroTrustAccessInfrastructureTarget:ZeroTrustAccessInfrastructureTarget",
    accessOrganization: "cloudflare:index/zeroTrustOrganization:ZeroTrustOrganization",
    accessPolicy: "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
    certificatePack: "cloudflare:index/certificatePack:CertificatePack",
    cloudflareProvider: "pulumi:providers:cloudflare",
    accessServiceToken: "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
    accessShortLivedCertificate:
        "cloudflare:index/zeroTrustAccessShortLivedCertificate:ZeroTrustAccessShortLivedCertificate",
    dnsRecord: "cloudflare:index/dnsRecord:DnsRecord",
    gatewayList: "cloudflare:index/zeroTrustList:ZeroTrustList",
    gatewayPolicy: "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy",
    clientCertificateAuthority: "cloudflare:index/zeroTrustAccessMtlsCertificate:ZeroTrustAccessMtlsCertificate",
    identityProvider: "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    privateHostnameRoute: "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute",
    postureRule: "cloudflare:index/zeroTrustDevicePostureRule:ZeroTrustDevicePostureRule",
    privateRoute: "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute",
    tunnel: "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    tunnelConfig: "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
    zone: "cloudflare:index/zone:Zone",
    container: "docker:index/container:Container",
    network: "docker:index/network:Network",
    remoteImage: "docker:index/remoteImage:RemoteImage",
    service: "docker:index/service:Service",
    serviceConfig: "docker:index/serviceConfig:ServiceConfig",
    locallySignedCertificate: "tls:index/locallySignedCert:LocallySignedCert",
    selfSignedCertificate: "tls:index/selfSignedCert:SelfSignedCert",
} as const;

/** Of components of ours that rules judge by their arguments, or by what they have made. */
export const ComponentToken = {
    ConsulMesh: "sallyport:index:ConsulMesh",
    MutualTlsService: "sallyport:index:MutualTlsService",
    MkcertCA: "sallyport:index:MkcertCA",
    SwarmDiscovery: "sallyport:index:SwarmDiscovery",
    WireGuardMesh: "sallyport:index:WireGuardMesh",
} as const;

/** The old tokens that pulumi-cloudflare 6 still takes, each with the one that replaces it. */
export const REPLACED_BY = {
    "cloudflare:index/accessApplication:AccessApplication": Token.accessApplication,
    "cloudflare:index/accessGroup:AccessGroup": Token.accessGroup,
    "cloudflare:index/accessIdentityProvider:AccessIdentityProvider": Token.identityProvider,
    "cloudflare:index/accessMutualTlsCertificate:AccessMutualTlsCertificate": Token.clientCertificateAuthority,
    "cloudflare:index/accessPolicy:AccessPolicy": Token.accessPolicy,
    "cloudflare:index/devicePostureRule:DevicePostureRule": Token.postureRule,
    "cloudflare:index/record:Record": Token.dnsRecord,
    "cloudflare:index/tunnel:Tunnel": Token.tunnel,
    "cloudflare:index/tunnelConfig:TunnelConfig": Token.tunnelConfig,
} as const;

/**
 * The token without the version of the API that Azure's is called in, such as
 * `azure-native:network/v20250301:SecurityRule`, which is the same resource (the package's own aliases say so).
 */
export function unversioned(type: string): string {
    return type.startsWith("azure-native:") ? type.replace(/\/v\d{8}\w*:/, ":") : type;
}
