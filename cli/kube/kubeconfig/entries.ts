/** The lists of a kubeconfig, and the key under which an entry of each has its content (client-go, `tools/clientcmd/api/v1/types.go`). */
export const LISTS = { clusters: "cluster", users: "user", contexts: "context" } as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES = Object.keys(LISTS) as ListName[];

/** What one connected cluster adds to a kubeconfig: at most one entry in each list, all of the same name. Holds no secret. */
export interface OwnEntries {
    /** Of the context, and of the cluster and the user that are added with it. */
    readonly name: string;
    readonly clusters: ClusterEntry;
    readonly contexts: ContextEntry;
    /** Omitted where the context names a user that is there already, or none. */
    readonly users?: UserEntry;
}

interface ClusterEntry {
    readonly server: string;
    readonly "certificate-authority-data"?: string;
    readonly "proxy-url": string;
}

interface ContextEntry {
    readonly cluster: string;
    readonly user: string;
    readonly namespace?: string;
}

/** A user whose token comes from a program (client-go credential plugin, `client.authentication.k8s.io/v1`). */
interface UserEntry {
    readonly exec: {
        readonly apiVersion: "client.authentication.k8s.io/v1";
        readonly command: string;
        readonly args: readonly string[];
        readonly installHint: string;
        readonly interactiveMode: "IfAvailable";
        readonly provideClusterInfo: false;
    };
}

/** The entry of a list as the file has it; undefined where these entries have none there. */
export function listItem(entries: OwnEntries, list: ListName): { readonly name: string } | undefined {
    const content = entries[list];
    return content === undefined ? undefined : { name: entries.name, [LISTS[list]]: content };
}
