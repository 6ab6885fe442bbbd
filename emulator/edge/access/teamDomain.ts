import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { CertificateAuthority } from "../certificates.ts";
import { PublicEdge } from "../public/publicEdge.ts";
import type { Access } from "./access.ts";

export interface TeamDomainOptions {
    /** `IP:port` on loopback. */
    readonly address: string;
    readonly access: Access;
    readonly certificateAuthority: CertificateAuthority;
}

/** No zone, and so nothing but the site. */
const NO_HOSTNAMES: HostnameDirectory = { zoneOf: () => undefined, targetOf: () => undefined };

/**
 * Serves the team's domain for connectors: `https://<team>.cloudflareaccess.com`, where `cloudflared` fetches the keys to check
 * tokens with. It takes no other name and port, so what it asks must be led here: by a {@link ConnectProxy}.
 *
 * @throws EdgeAddressError, EdgeListenError
 */
export function serveTeamDomain({ address, access, certificateAuthority }: TeamDomainOptions): Promise<PublicEdge> {
    return PublicEdge.start({
        address,
        hostnames: NO_HOSTNAMES,
        tunnelEdge: { connectionsOf: () => [] },
        certificateAuthority,
        sites: [access.teamSite],
    });
}
