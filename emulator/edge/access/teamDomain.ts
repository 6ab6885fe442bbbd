import type { HostnameDirectory } from "../../hostnameDirectory.ts";
import type { CertificateAuthority } from "../certificates.ts";
import { PublicEdge } from "../public/publicEdge.ts";
import type { Access } from "./access.ts";

export interface TeamDomainOptions {
    /** `IP:port`, on loopback or on a Docker bridge's gateway address only. Connectors insist on port 443. */
    readonly address: string;
    readonly access: Access;
    readonly certificateAuthority: CertificateAuthority;
}

/** No zone, and so nothing but the site. */
const NO_HOSTNAMES: HostnameDirectory = { zoneOf: () => undefined, targetOf: () => undefined };

/**
 * Serves the team's domain for connectors: `https://<team>.cloudflareaccess.com`, where `cloudflared` fetches the keys to check
 * tokens with. It takes no other address, so its name must lead here (a `hosts` entry of the container).
 *
 * @throws EdgeAddressError, EdgeListenError
 */
export function serveTeamDomain({ address, access, certificateAuthority }: TeamDomainOptions): Promise<PublicEdge> {
    return PublicEdge.start({
        address,
        isForContainers: true,
        hostnames: NO_HOSTNAMES,
        tunnelEdge: { connectionsOf: () => [] },
        certificateAuthority,
        sites: [access.teamSite],
    });
}
