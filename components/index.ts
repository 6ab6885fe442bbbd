export { AccessAudience, type AccessAudienceArgs } from "./access/accessAudience.ts";
export { ServiceToken, type ServiceTokenArgs } from "./access/serviceToken.ts";
export { ZeroTrustApp, type ZeroTrustAppArgs } from "./access/zeroTrustApp.ts";
export { MkcertCA, type MkcertCAArgs } from "./proxy/mkcertCA.ts";
export { MkcertCertificate, type MkcertCertificateArgs } from "./proxy/mkcertCertificate.ts";
export { CertificateKeyAlgorithm } from "./proxy/mkcertProfile.ts";
export { ProxyLogLevel } from "./proxy/traefik/logLevel.ts";
export {
    type ProxyCertificate,
    type ProxyDashboard,
    type ProxyRoute,
    type ProxySwarmProvider,
    TraefikProxy,
    type TraefikProxyArgs,
} from "./proxy/traefikProxy.ts";
export { ConnectorLogLevel, TunnelProtocol } from "./tunnel/connectorSettings.ts";
export { ORIGIN_CA_PATH } from "./tunnel/ingressRule.ts";
export { NamedTunnel, type NamedTunnelArgs } from "./tunnel/namedTunnel.ts";
export {
    type HostAddress,
    SwarmTunnelSidecar,
    type SwarmTunnelSidecarArgs,
    type TunnelEdge,
} from "./tunnel/swarmTunnelSidecar.ts";
export { TcpApp, type TcpAppArgs } from "./tunnel/tcpApp.ts";
export {
    type IngressRoute,
    type OriginRequest,
    TunnelIngress,
    type TunnelIngressArgs,
} from "./tunnel/tunnelIngress.ts";
export { TcpProtocol } from "./validation/protocols.ts";
export type { RotationSchedule } from "./validation/rotation.ts";
