export { AccessAudience, type AccessAudienceArgs } from "./access/accessAudience.ts";
export { AccessOrganization, type AccessOrganizationArgs, type LoginPage } from "./access/accessOrganization.ts";
export type {
    AudienceApproval,
    AudienceExclusions,
    AudienceRequirements,
    IdentityGroup,
    NamedValue,
    PostureRequirement,
    PurposeJustification,
} from "./access/audience/conditions.ts";
export {
    ClientCertificateForwarding,
    type ClientCertificateForwardingArgs,
} from "./access/clientCertificateForwarding.ts";
export { DevicePosture, type DevicePostureArgs } from "./access/devicePosture.ts";
export {
    type AzureAdLogin,
    type GitHubLogin,
    type GoogleLogin,
    type GoogleWorkspaceLogin,
    IdentityProviderKind,
    type OidcLogin,
    type OktaLogin,
    type SamlLogin,
    ScimIdentityUpdates,
    type ScimProvisioning,
} from "./access/identity/logins.ts";
export { IdentityProvider, type IdentityProviderArgs } from "./access/identityProvider.ts";
export { MutualTlsCertificate, type MutualTlsCertificateArgs } from "./access/mutualTlsCertificate.ts";
export {
    type AntivirusCheck,
    type ApplicationCheck,
    type ClientCertificateCheck,
    type DeviceListCheck,
    DevicePlatform,
    DevicePostureKind,
    type DiskEncryptionCheck,
    type DomainJoinedCheck,
    type FileCheck,
    type OsVersionCheck,
    VersionOperator,
} from "./access/posture/checks.ts";
export { ServiceToken, type ServiceTokenArgs } from "./access/serviceToken.ts";
export { ZeroTrustApp, type ZeroTrustAppArgs } from "./access/zeroTrustApp.ts";
export type { ConsulNode, ConsulUpstream } from "./interconnect/consul/sitePlan.ts";
export { ConsulSidecar } from "./interconnect/consul/units.ts";
export { ConsulMesh, type ConsulMeshArgs } from "./interconnect/consulMesh.ts";
export { ConsulMeshAccess, type ConsulMeshAccessArgs } from "./interconnect/consulMeshAccess.ts";
export { compileIntentions, type PermittedPath } from "./interconnect/federation/intentions.ts";
export {
    Authorisation,
    BackEnd,
    type InboundNeed,
    type TradeOff,
    tradeOffOf,
} from "./interconnect/federation/tradeOffs.ts";
export {
    type Federation,
    type FederationNode,
    FederationProtocol,
    type FederationService,
    type FederationSite,
    type Intention,
    type SiteNode,
} from "./interconnect/federation.ts";
export { DnsForwarder } from "./interconnect/mutualTls/discovery.ts";
export type { ServiceHost } from "./interconnect/mutualTls/hostFiles.ts";
export { MutualTlsService, type MutualTlsServiceArgs } from "./interconnect/mutualTlsService.ts";
export type { MeshHost, NodeFiles } from "./interconnect/nodeFiles.ts";
export { type ServiceAuthority, SiteAuthority, type SiteAuthorityArgs } from "./interconnect/siteAuthority.ts";
export { TunnelLink, type TunnelLinkArgs } from "./interconnect/tunnelLink.ts";
export { WireGuardMesh, type WireGuardMeshArgs } from "./interconnect/wireGuardMesh.ts";
export type { MeshAddresses } from "./interconnect/wireguard/addresses.ts";
export { WireGuardForm } from "./interconnect/wireguard/forms.ts";
export type { HostFile } from "./internal/hostFile.ts";
export type { ClusterOidcProvider } from "./kubernetes/authentication.ts";
export {
    type CatalogueCluster,
    CLUSTER_CATALOGUE_VERSION,
    type ClusterAuthentication,
    type ClusterCatalogue,
    type ClusterOidc,
    ClusterTunnelMode,
} from "./kubernetes/catalogue.ts";
export { ClusterAccess, type ClusterAccessArgs } from "./kubernetes/clusterAccess.ts";
export { type ClusterConnector, ClusterConnectorKind } from "./kubernetes/clusterConnector.ts";
export type { ClusterGrant } from "./kubernetes/grants.ts";
export { DeviceProfile, type DeviceProfileArgs } from "./network/deviceProfile.ts";
export type { PrivateNetworkGrant } from "./network/grants.ts";
export { PrivateNetwork, type PrivateNetworkArgs } from "./network/privateNetwork.ts";
export type { MetricsNetwork } from "./observability/metricsNetwork.ts";
export type { ExistingAuthority } from "./proxy/mkcert/existingAuthority.ts";
export type { PermittedNames } from "./proxy/mkcert/permittedNames.ts";
export { MkcertCA, type MkcertCAArgs } from "./proxy/mkcertCA.ts";
export { MkcertCertificate, type MkcertCertificateArgs } from "./proxy/mkcertCertificate.ts";
export { CertificateKeyAlgorithm } from "./proxy/mkcertProfile.ts";
export { ProxyLogLevel } from "./proxy/traefik/logLevel.ts";
export type {
    ProxyCompress,
    ProxyForwardAuth,
    ProxyHeaders,
    ProxyIpAllowList,
    ProxyMiddleware,
    ProxyRateLimit,
} from "./proxy/traefik/middlewares.ts";
export type {
    ProxyCertificate,
    ProxyDashboard,
    ProxyLabelProvider,
    ProxyListener,
    ProxyMetrics,
    ProxyRoute,
    ProxySettings,
    ProxyTracing,
} from "./proxy/traefik/settings.ts";
export { ProxyCipherSuite, ProxyCurve, type ProxyTlsOptions, ProxyTlsVersion } from "./proxy/traefik/tlsOptions.ts";
export { TraefikContainer, type TraefikContainerArgs } from "./proxy/traefikContainer.ts";
export { TraefikFiles, type TraefikFilesArgs } from "./proxy/traefikFiles.ts";
export { TraefikProxy, type TraefikProxyArgs } from "./proxy/traefikProxy.ts";
export {
    type ExposedRoute,
    exposuresOf,
    type LabelVerdict,
    type RefusedService,
    type SwarmExposure,
} from "./swarm/exposures.ts";
export type { LabelledService, LabelledServiceNetwork } from "./swarm/labelledService.ts";
export { type LabelAudience, type LabelMiddleware, type LabelRules, LabelScheme } from "./swarm/labelRules.ts";
export {
    type SwarmConnector,
    SwarmDiscovery,
    type SwarmDiscoveryArgs,
    type SwarmProxy,
} from "./swarm/swarmDiscovery.ts";
export type { TeamProxy, TunnelEdge } from "./tunnel/connectorEnvironment.ts";
export { ConnectorLogLevel, TunnelProtocol } from "./tunnel/connectorSettings.ts";
export { type FindTunnelArgs, findTunnelId } from "./tunnel/findTunnel.ts";
export {
    HostConnectorKind,
    HostTunnelConnector,
    type HostTunnelConnectorArgs,
} from "./tunnel/hostTunnelConnector.ts";
export { ORIGIN_CA_PATH } from "./tunnel/ingressRule.ts";
export { TunnelManagement } from "./tunnel/management.ts";
export { NamedTunnel, type NamedTunnelArgs } from "./tunnel/namedTunnel.ts";
export { SwarmTunnelSidecar, type SwarmTunnelSidecarArgs } from "./tunnel/swarmTunnelSidecar.ts";
export { TcpApp, type TcpAppArgs } from "./tunnel/tcpApp.ts";
export { TcpClientSidecar, type TcpClientSidecarArgs } from "./tunnel/tcpClientSidecar.ts";
export { TunnelAlert, type TunnelAlertArgs } from "./tunnel/tunnelAlert.ts";
export {
    type IngressRoute,
    type OriginRequest,
    TunnelIngress,
    type TunnelIngressArgs,
} from "./tunnel/tunnelIngress.ts";
export { ZoneOnboarding, type ZoneOnboardingArgs } from "./tunnel/zoneOnboarding.ts";
export { TcpProtocol } from "./validation/protocols.ts";
export type { RotationSchedule } from "./validation/rotation.ts";
