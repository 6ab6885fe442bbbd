import { type CatalogueCluster, ClusterTunnelMode } from "../../../../components/kubernetes/catalogue.ts";
import type { AccountTunnel } from "../accountTunnel.ts";
import type { ProtectedAccount } from "../protectedAccount.ts";
import { type ClusterOptions, KubeApiServer } from "./kubeApiServer.ts";

/** Ports at which a cluster finds what leads out: the edge, and the proxy to the team's keys. */
const [EDGE_PORT, TEAM_PROXY_PORT] = [7844, 3128];
/** Where a connector in a cluster's network finds the edge. */
export const EDGE_INSIDE = `127.0.0.1:${EDGE_PORT}`;
/** Of every account that tests make. */
const TEAM = "team";

/** A cluster and who may reach it. */
export interface GuardedCluster extends Omit<ClusterOptions, "waysOut"> {
    readonly hostname: string;
    /** Access policies, as the API takes them. */
    readonly policies: readonly object[];
    /** Further properties of the Access application. */
    readonly settings?: Readonly<Record<string, unknown>>;
}

/** A cluster that dials out to the edge of an account, as {@link ClusterAccess} arranges it. */
export interface ClusterBehindAccess extends AsyncDisposable {
    readonly cluster: KubeApiServer;
    readonly tunnel: AccountTunnel;
    /** What the catalogue says of it. */
    readonly entry: CatalogueCluster;
    /** Runs a further connector in the cluster's network. */
    connect(): ReturnType<AccountTunnel["connect"]>;
}

/**
 * Starts a cluster in a network that nothing leads into, with a tunnel and an Access application of its own, and an unmodified cloudflared in that network,
 * which demands the application's token and leads whatever comes to the API server alone.
 */
export async function clusterBehindAccess(
    cloudflared: string,
    account: ProtectedAccount,
    { hostname, policies, settings, ...options }: GuardedCluster,
): Promise<ClusterBehindAccess> {
    const { tunnels, teamProxy } = account.edge;
    const waysOut = [
        { port: EDGE_PORT, to: tunnels.addresses[0] ?? "" },
        { port: TEAM_PROXY_PORT, to: teamProxy ?? "" },
    ];
    const cluster = await KubeApiServer.start({ ...options, waysOut });
    const inside = await cluster.network.executable(cloudflared);
    const place = {
        edge: EDGE_INSIDE,
        env: { HTTPS_PROXY: `http://127.0.0.1:${TEAM_PROXY_PORT}` },
    };
    const tunnel = await account.tunnel(options.name);
    const { tags } = await tunnel.expose(
        inside,
        [
            {
                ...{ hostname, policies, demandsToken: true, ...(settings && { settings }) },
                service: cluster.server.replace("https:", "tcp:"),
                originRequest: { proxyType: "socks" },
            },
        ],
        place,
    );
    return {
        cluster,
        tunnel,
        entry: {
            name: options.name,
            hostname,
            aud: tags[0] ?? "",
            team: TEAM,
            server: cluster.server,
            certificateAuthorityData: Buffer.from(cluster.authority.certPem).toString("base64"),
            mode: ClusterTunnelMode.Socks,
            audience: ["operators"],
            policyIds: ["named-in-the-application"],
            tags: {},
            kubernetesAuth: {},
        },
        connect: () => tunnel.connect(inside, place),
        [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
    };
}
