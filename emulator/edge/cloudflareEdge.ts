import type { AccessDirectory } from "../accessDirectory.ts";
import type { AccountOverview } from "../accountOverview.ts";
import type { HostnameDirectory } from "../hostnameDirectory.ts";
import { STATUS_HOSTNAME } from "../ownNames.ts";
import type { PrivateNetworkDirectory } from "../privateNetworkDirectory.ts";
import type { TunnelDirectory } from "../tunnelDirectory.ts";
import { Access } from "./access/index.ts";
import { serveTeamDomain } from "./access/teamDomain.ts";
import { CertificateAuthority } from "./certificates.ts";
import { ConnectProxy } from "./connectProxy.ts";
import { PrivateNetworkEntry } from "./private/privateNetworkEntry.ts";
import { PublicEdge } from "./public/publicEdge.ts";
import { RequestLog } from "./public/requestLog.ts";
import { StatusSite } from "./status/statusSite.ts";
import { TunnelEdge } from "./transport/tunnelEdge.ts";

const ANY_LOOPBACK_PORT = "127.0.0.1:0";
/** Longer than Go's HTTP client keeps an idle connection (90 s, `net/http` DefaultTransport). */
const IDLE_LIMIT_MS = 120_000;

export interface CloudflareEdgeOptions {
    /** What the API half knows: tunnels, zones with their records, Access, and all of it for people to look at. */
    readonly account: {
        readonly directory: TunnelDirectory;
        readonly hostnames: HostnameDirectory;
        readonly access: AccessDirectory;
        readonly overview: AccountOverview;
    };
    /** The team's name: its domain is `<team>.cloudflareaccess.com`. */
    readonly team: string;
    /** Addresses that connectors dial, `host:port`; one told twice counts once. */
    readonly connectors: readonly string[];
    /** Where clients ask, `host:port` on loopback. */
    readonly https: string;
    /**
     * Where an HTTP proxy leads connectors to the team's keys, and to nothing else, `host:port`. cloudflared insists on port 443 of
     * `<team>.cloudflareaccess.com`; its `HTTPS_PROXY` gets it there without that port and without a hosts entry. Without the proxy a
     * connector cannot check tokens, and refuses every request.
     */
    readonly teamProxy?: string | undefined;
    /**
     * Where devices enter private networks: a SOCKS5 server at `address`, `host:port` on loopback, for the devices and routes of the directory.
     * No way in where omitted.
     */
    readonly privateNetwork?: { readonly address: string; readonly directory: PrivateNetworkDirectory } | undefined;
    /** Folder that keeps the certificate authority, the signing keys and who is logged in. Without it a restart makes new ones. */
    readonly stateDir?: string | undefined;
}

/** The whole edge: what connectors dial and what clients ask, with Access between the two. One authority signs all of it. */
export class CloudflareEdge implements AsyncDisposable {
    readonly tunnels: TunnelEdge;
    readonly public: PublicEdge;
    /** What serves the team's keys behind the proxy, if there is one. */
    readonly teamDomain: PublicEdge | undefined;
    readonly access: Access;
    /** Verifies every certificate of the edge. */
    readonly caPem: string;
    /** `host:port` of the proxy to the team's domain, with the port that it really has. */
    readonly teamProxy: string | undefined;
    /** Where devices enter private networks, if they can. */
    readonly privateNetwork: PrivateNetworkEntry | undefined;
    readonly #parts: AsyncDisposableStack;

    private constructor(
        parts: AsyncDisposableStack,
        tunnels: TunnelEdge,
        access: Access,
        front: PublicEdge,
        teamDomain: PublicEdge | undefined,
        caPem: string,
        teamProxy: string | undefined,
        privateNetwork: PrivateNetworkEntry | undefined,
    ) {
        this.#parts = parts;
        this.tunnels = tunnels;
        this.access = access;
        this.public = front;
        this.teamDomain = teamDomain;
        this.caPem = caPem;
        this.teamProxy = teamProxy;
        this.privateNetwork = privateNetwork;
    }

    /** @throws EdgeAddressError, EdgeListenError, CertificateAuthorityError, AccessStateError; nothing is left listening then. */
    static async start(options: CloudflareEdgeOptions): Promise<CloudflareEdge> {
        const { account, team, connectors, https, teamProxy, stateDir } = options;
        await using started = new AsyncDisposableStack();
        const certificateAuthority = await CertificateAuthority.open({ stateDir });
        const access = await Access.start({ directory: account.access, team, stateDir });
        const tunnels = started.use(
            await TunnelEdge.start({
                addresses: [...new Set(connectors)],
                directory: account.directory,
                certificateAuthority,
            }),
        );
        const log = new RequestLog();
        const statusSite = new StatusSite({ overview: account.overview, access: account.access, log });
        const front = started.use(
            await PublicEdge.start({
                address: https,
                hostnames: account.hostnames,
                tunnelEdge: tunnels,
                certificateAuthority,
                gate: access,
                sites: [access.teamSite, access.transferSite, statusSite],
                log,
            }),
        );
        const teamDomain =
            teamProxy === undefined
                ? undefined
                : started.use(await serveTeamDomain({ address: ANY_LOOPBACK_PORT, access, certificateAuthority }));
        const proxy =
            teamDomain === undefined || teamProxy === undefined
                ? undefined
                : started.use(
                      await ConnectProxy.start({
                          address: teamProxy,
                          target: teamDomain.address,
                          only: `${access.authDomain}:443`,
                          idleLimitMs: IDLE_LIMIT_MS,
                      }),
                  );
        const { privateNetwork } = options;
        const entry =
            privateNetwork && started.use(await PrivateNetworkEntry.start({ ...privateNetwork, tunnelEdge: tunnels }));
        return new CloudflareEdge(
            started.move(),
            tunnels,
            access,
            front,
            teamDomain,
            certificateAuthority.caPem,
            proxy?.address,
            entry,
        );
    }

    /** URL of the edge's own status page, for browsers of this machine. */
    get statusPage(): string {
        return `https://${STATUS_HOSTNAME}:${this.public.address.split(":").at(-1)}/`;
    }

    [Symbol.asyncDispose](): Promise<void> {
        return this.#parts.disposeAsync();
    }
}
