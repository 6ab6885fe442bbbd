import { pem } from "../support/mocks.ts";

/** Ids in the form that Cloudflare gives them. */
export const ACCOUNT = "a".repeat(32);
export const ZONE = "b".repeat(32);
export const TUNNEL = "c0ffee00-0000-4000-8000-000000000000";
export const AUD = "d".repeat(64);

export const CERTIFICATE = pem("CERTIFICATE", "a certificate");
/** The certificate's own. */
export const KEY = pem("PRIVATE KEY", "a certificate");
export const CREDENTIALS = JSON.stringify({ AccountTag: ACCOUNT, TunnelSecret: "c2VjcmV0", TunnelID: TUNNEL });

/** Type tokens of what the components are made of. */
export const Token = {
    AccessApplication: "cloudflare:index/zeroTrustAccessApplication:ZeroTrustAccessApplication",
    AccessGroup: "cloudflare:index/zeroTrustAccessGroup:ZeroTrustAccessGroup",
    AccessPolicy: "cloudflare:index/zeroTrustAccessPolicy:ZeroTrustAccessPolicy",
    ArgoSmartRouting: "cloudflare:index/argoSmartRouting:ArgoSmartRouting",
    CertRequest: "tls:index/certRequest:CertRequest",
    AccessOrganization: "cloudflare:index/zeroTrustOrganization:ZeroTrustOrganization",
    ClientCertificateAuthority: "cloudflare:index/zeroTrustAccessMtlsCertificate:ZeroTrustAccessMtlsCertificate",
    ClientCertificateSettings:
        "cloudflare:index/zeroTrustAccessMtlsHostnameSettings:ZeroTrustAccessMtlsHostnameSettings",
    Container: "docker:index/container:Container",
    Config: "docker:index/serviceConfig:ServiceConfig",
    DnsRecord: "cloudflare:index/dnsRecord:DnsRecord",
    IdentityProvider: "cloudflare:index/zeroTrustAccessIdentityProvider:ZeroTrustAccessIdentityProvider",
    LocallySignedCert: "tls:index/locallySignedCert:LocallySignedCert",
    NotificationPolicy: "cloudflare:index/notificationPolicy:NotificationPolicy",
    PostureRule: "cloudflare:index/zeroTrustDevicePostureRule:ZeroTrustDevicePostureRule",
    DeviceProfile: "cloudflare:index/zeroTrustDeviceCustomProfile:ZeroTrustDeviceCustomProfile",
    GatewayPolicy: "cloudflare:index/zeroTrustGatewayPolicy:ZeroTrustGatewayPolicy",
    HostnameRoute: "cloudflare:index/zeroTrustNetworkHostnameRoute:ZeroTrustNetworkHostnameRoute",
    PrivateRoute: "cloudflare:index/zeroTrustTunnelCloudflaredRoute:ZeroTrustTunnelCloudflaredRoute",
    PrivateKey: "tls:index/privateKey:PrivateKey",
    RandomPassword: "random:index/randomPassword:RandomPassword",
    Secret: "docker:index/secret:Secret",
    SelfSignedCert: "tls:index/selfSignedCert:SelfSignedCert",
    Service: "docker:index/service:Service",
    ShortLivedCertificate: "cloudflare:index/zeroTrustAccessShortLivedCertificate:ZeroTrustAccessShortLivedCertificate",
    ServiceToken: "cloudflare:index/zeroTrustAccessServiceToken:ZeroTrustAccessServiceToken",
    Tunnel: "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    TunnelConfig: "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
    VirtualNetwork:
        "cloudflare:index/zeroTrustTunnelCloudflaredVirtualNetwork:ZeroTrustTunnelCloudflaredVirtualNetwork",
} as const;

/** The text inside a Swarm config or secret. */
export function textOf(inputs: Record<string, unknown>): string {
    return Buffer.from(inputs.data as string, "base64").toString();
}
