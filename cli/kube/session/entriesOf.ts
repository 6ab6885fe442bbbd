import type { OwnEntries } from "../kubeconfig/entries.ts";
import { contextName, type SessionCluster } from "./cluster.ts";

/** Where kubectl's plugin for OpenID Connect is told of, for whoever has not got it. */
const PLUGIN = "https://github.com/int128/kubelogin";

/** What a cluster whose local port is open adds to a kubeconfig. */
export function entriesOf(cluster: SessionCluster, port: number): OwnEntries {
    const { server, certificateAuthorityData, context, oidc } = cluster;
    return {
        name: contextName(cluster.name),
        clusters: {
            server,
            ...(certificateAuthorityData === undefined
                ? {}
                : { "certificate-authority-data": certificateAuthorityData }),
            "proxy-url": `socks5://127.0.0.1:${port}`,
        },
        contexts: {
            cluster: contextName(cluster.name),
            user: context.user,
            ...(context.namespace === undefined ? {} : { namespace: context.namespace }),
        },
        ...(oidc === undefined ? {} : { users: loginPlugin(oidc) }),
    };
}

/** Kubernetes' own login, by the plugin that kubectl documents for it (Kubernetes, Authenticating, "OpenID Connect Tokens"). */
function loginPlugin({ issuer, clientId }: NonNullable<SessionCluster["oidc"]>): NonNullable<OwnEntries["users"]> {
    return {
        exec: {
            apiVersion: "client.authentication.k8s.io/v1",
            command: "kubectl",
            args: ["oidc-login", "get-token", `--oidc-issuer-url=${issuer}`, `--oidc-client-id=${clientId}`],
            installHint: `kubectl oidc-login is not installed: ${PLUGIN}`,
            interactiveMode: "IfAvailable",
            provideClusterInfo: false,
        },
    };
}
