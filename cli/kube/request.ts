import type { Mistakes } from "../mistakes.ts";
import type { DiscoveredCluster } from "./discovery/cluster.ts";
import { clustersNamed } from "./discovery/merge.ts";
import type { MergedKubeconfig } from "./kubeconfig/merged.ts";
import { contextName, type SessionCluster } from "./session/cluster.ts";

export interface Request {
    /** As the user typed them. */
    readonly names: readonly string[];
    /** Local ports that were asked for, by name. */
    readonly localPorts: ReadonlyMap<string, number>;
    /** User of the kubeconfig that all of them are asked as. */
    readonly user: string | undefined;
    readonly known: readonly DiscoveredCluster[];
    readonly kubeconfig: MergedKubeconfig;
}

/** What is asked for on the command line, found among the clusters that are known, each with whom kubectl is to be there. */
export function requestedClusters(request: Request, mistakes: Mistakes): SessionCluster[] {
    const { names, localPorts, user, known, kubeconfig } = request;
    for (const name of localPorts.keys()) {
        mistakes.add(
            `--local ${name}`,
            names.includes(name) ? undefined : `"${name}" is not among the names to connect to`,
        );
    }
    if (user !== undefined && !kubeconfig.users.has(user)) {
        const users = [...kubeconfig.users].join(", ");
        mistakes.add(
            `--user ${user}`,
            `is no user of your kubeconfig; ${users ? `write one of ${users}` : "it has none"}`,
        );
    }
    return [...new Set(names)].flatMap((asked): SessionCluster[] => {
        const [cluster, ...others] = clustersNamed(known, asked);
        if (cluster === undefined || others.length > 0) {
            mistakes.add(asked, cluster === undefined ? unknown(known) : ambiguous([cluster, ...others]));
            return [];
        }
        const { name, hostname, server, aud, team, certificateAuthorityData, edge } = cluster;
        if (hostname === undefined || server === undefined) {
            mistakes.add(
                asked,
                "no tunnel leads to it; give it one with ClusterAccess, or name its host name in a tag",
            );
            return [];
        }
        const port = localPorts.get(asked);
        return [
            {
                ...{ name, hostname, server },
                ...(aud === undefined ? {} : { aud }),
                ...(team === undefined ? {} : { team }),
                ...(certificateAuthorityData === undefined ? {} : { certificateAuthorityData }),
                ...(edge === undefined ? {} : { edge }),
                ...(port === undefined ? {} : { port }),
                ...whoIn(cluster, server, user, kubeconfig),
            },
        ];
    });
}

/**
 * Whom kubectl is to be in a cluster. A context of somebody's own for the same API server has the user that works there; a catalogue that names an OpenID provider
 * makes one; otherwise there is none, and the API server takes kubectl for anonymous.
 */
function whoIn(
    { name, kubernetesAuth }: DiscoveredCluster,
    server: string,
    user: string | undefined,
    { contexts }: MergedKubeconfig,
): Pick<SessionCluster, "context" | "oidc"> {
    const own = contexts.find(
        (context) => context.server !== undefined && originOf(context.server) === originOf(server),
    );
    const namespace = own?.namespace === undefined ? {} : { namespace: own.namespace };
    const known = user ?? own?.user;
    if (known !== undefined) {
        return { context: { user: known, ...namespace } };
    }
    const { oidc } = kubernetesAuth ?? {};
    return oidc === undefined ? { context: { user: "" } } : { context: { user: contextName(name) }, oidc };
}

function originOf(server: string): string {
    return URL.parse(server)?.origin ?? server;
}

function unknown(known: readonly DiscoveredCluster[]): string {
    const names = known.map(({ name }) => name).toSorted();
    return names.length === 0
        ? "no cluster is known; look for some: sallyport kube discover"
        : `is no cluster that is known; write one of ${names.join(", ")}, or look anew: --refresh`;
}

function ambiguous(clusters: readonly DiscoveredCluster[]): string {
    const exact = clusters.map(({ sources, name }) => `${sources[0]}/${name}`);
    return `is the name of several clusters; write one of ${exact.join(", ")}`;
}
