/** Cloudflare's edge, locally: what connectors dial, and what clients ask. */
export { type PublicRequestEvent, RequestVerdict } from "../edgeControls.ts";
export { type PrivateConnectionEvent, PrivateVerdict } from "../privateConnections.ts";
export {
    Access,
    type AccessOptions,
    AccessStateError,
    serveTeamDomain,
    type TeamDomainOptions,
} from "./access/index.ts";
export type * from "./accessGate.ts";
export {
    CertificateAuthority,
    CertificateAuthorityError,
    EDGE_NAMES,
    type ServerCertificate,
} from "./certificates.ts";
export { CloudflareEdge, type CloudflareEdgeOptions } from "./cloudflareEdge.ts";
export { ConnectProxy, type ConnectProxyOptions } from "./connectProxy.ts";
export type { PrivateTimeouts } from "./private/attendant.ts";
export { PrivateNetworkEntry, type PrivateNetworkEntryOptions } from "./private/privateNetworkEntry.ts";
export type { PublicTimeouts } from "./public/limits.ts";
export { PublicEdge, type PublicEdgeEvents, type PublicEdgeOptions } from "./public/publicEdge.ts";
export { EdgeAddressError } from "./transport/addresses.ts";
export { CloseReason } from "./transport/closeReason.ts";
export type { ConfigurationState } from "./transport/configurationPush.ts";
export { EdgeListenError } from "./transport/listener.ts";
export type { SessionTimeouts } from "./transport/timeouts.ts";
export {
    ConnectionClosedError,
    type ConnectorInfo,
    type RequestOptions,
    TunnelConnection,
} from "./transport/tunnelConnection.ts";
export { TunnelEdge, type TunnelEdgeEvents, type TunnelEdgeOptions } from "./transport/tunnelEdge.ts";
