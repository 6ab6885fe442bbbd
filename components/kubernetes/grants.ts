import { API_VERSIONS, labelsOf, type Manifest } from "./manifest.ts";

/** What people may do in a cluster: a role for groups and users. */
export interface ClusterGrant {
    /** Groups as the OpenID provider names them, or as the cluster knows them where it has none. None if omitted. */
    groups?: string[];
    /** People in the same way. None if omitted. */
    users?: string[];
    /** The ClusterRole: Kubernetes' own `view`, `edit` and `admin`, or one that the cluster has. */
    clusterRole: string;
    /** Namespaces in which it holds. In the whole cluster if omitted. */
    namespaces?: string[];
}

const RBAC = "rbac.authorization.k8s.io";

/** One binding, and the name by which a program knows it. */
export interface GrantBinding {
    /** `view`, or `view@shop` for a namespace. */
    suffix: string;
    manifest: Manifest;
}

/** The bindings of all grants; `prefix` stands before the names of an OpenID provider, and is empty without one. */
export function grantBindings(clusterName: string, grants: readonly ClusterGrant[], prefix: string): GrantBinding[] {
    return grants.flatMap(({ groups = [], users = [], clusterRole, namespaces }) => {
        const subject = (kind: string) => (name: string) => ({ kind, name: `${prefix}${name}`, apiGroup: RBAC });
        const binding = {
            roleRef: { kind: "ClusterRole", name: clusterRole, apiGroup: RBAC },
            subjects: [...groups.map(subject("Group")), ...users.map(subject("User"))],
        };
        const metadata = { name: `sallyport-${clusterRole}`, labels: labelsOf(clusterName) };
        if (namespaces === undefined) {
            const manifest = make("ClusterRoleBinding", metadata, binding);
            return [{ suffix: clusterRole, manifest }];
        }
        return namespaces.map((namespace) => ({
            suffix: `${clusterRole}@${namespace}`,
            manifest: make("RoleBinding", { ...metadata, namespace }, binding),
        }));
    });
}

function make(kind: "ClusterRoleBinding" | "RoleBinding", metadata: Manifest["metadata"], binding: object): Manifest {
    return { apiVersion: API_VERSIONS[kind], kind, metadata, ...binding };
}
