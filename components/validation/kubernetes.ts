import { isIP } from "node:net";
import { httpsUrlProblem } from "./urls.ts";

/** RFC 1123 label, as namespaces have it. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Names of roles may hold colons (`system:node`); what is a path segment is refused by the API (`path.IsValidPathSegmentName`). */
const ROLE = /^[A-Za-z0-9][A-Za-z0-9:._-]*$/;
/** What people type after `sallyport kube connect`, with room for a prefix in the names of objects. */
const CLUSTER = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** An API server, taken apart. */
export interface ApiServer {
    /** Name or address, IPv6 in brackets. */
    host: string;
    /** 443 where none is written. */
    port: number;
}

/** Says what is wrong with the name of a cluster, or nothing. */
export function clusterNameProblem(name: string): string | undefined {
    if (CLUSTER.test(name)) return undefined;
    return `${JSON.stringify(name)} is no name for a cluster. Write 1 to 40 lower-case letters, digits and "-", such as "payments-eu".`;
}

/** Says what is wrong with the URL of an API server, or nothing. */
export function apiServerProblem(server: string): string | undefined {
    const wrong = httpsUrlProblem(server);
    if (wrong !== undefined) {
        return wrong.includes("is not a URL")
            ? `${JSON.stringify(server)} is not a URL. Write one such as "https://10.0.0.5:6443".`
            : wrong;
    }
    const { pathname, search, hash, origin } = new URL(server);
    if (pathname !== "/" || search !== "" || hash !== "") {
        return `${JSON.stringify(server)} has a path. Write ${JSON.stringify(origin)}.`;
    }
    return undefined;
}

/** Takes the URL of an API server apart; it is one that {@link apiServerProblem} has nothing to say about. */
export function parseApiServer(server: string): ApiServer {
    const { hostname, port } = new URL(server);
    return { host: hostname, port: port === "" ? 443 : Number(port) };
}

/** The address of an API server whose URL has one, without brackets; undefined for a name. */
export function addressOfApiServer(server: string): string | undefined {
    const host = parseApiServer(server).host.replace(/^\[(.*)\]$/, "$1");
    return isIP(host) === 0 ? undefined : host;
}

/** Says what is wrong with the name of a namespace, or nothing. */
export function namespaceProblem(namespace: string): string | undefined {
    const quoted = JSON.stringify(namespace);
    if (!LABEL.test(namespace)) {
        return `${quoted} is no name for a namespace. Write at most 63 lower-case letters, digits and inner "-".`;
    }
    return undefined;
}

/** Says what is wrong with a namespace for connectors, or nothing: those of Kubernetes itself are left alone. */
export function connectorNamespaceProblem(namespace: string): string | undefined {
    if (namespace === "default" || namespace.startsWith("kube-")) {
        return `${JSON.stringify(namespace)} is Kubernetes' own. Write one for the connectors alone, such as "sallyport".`;
    }
    return namespaceProblem(namespace);
}

/** Says what is wrong with the name of a ClusterRole, or nothing. */
export function clusterRoleProblem(role: string): string | undefined {
    if (ROLE.test(role)) return undefined;
    return `${JSON.stringify(role)} is no name for a ClusterRole. Write one such as "view" or "edit".`;
}

/** Says what is wrong with a user or a group in a binding, or nothing: Kubernetes keeps `system:` for its own. */
export function subjectNameProblem(subject: string): string | undefined {
    if (subject.trim() === "") return "is empty. Write the name as the identity provider has it.";
    if (subject.startsWith("system:")) {
        return `${JSON.stringify(subject)} is Kubernetes' own: "system:masters" may do everything past RBAC. Write a group of people.`;
    }
    return undefined;
}

/** Says what is wrong with what stands before users and groups of an OpenID provider, or nothing. */
export function subjectPrefixProblem(prefix: string): string | undefined {
    if (prefix === "" || prefix === "-") {
        return 'is empty, so that the provider could name Kubernetes\' own groups. Write a prefix such as "oidc:".';
    }
    if (prefix.startsWith("system:")) return `${JSON.stringify(prefix)} is Kubernetes' own. Write one such as "oidc:".`;
    return undefined;
}
