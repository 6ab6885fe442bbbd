import * as pulumi from "@pulumi/pulumi";
import { AccessAudience, ClusterAccess, TunnelManagement } from "../../../../components/index.ts";
import type { Settings } from "../identity/declare.ts";

/** The authority of a cluster, which is looked at by laptops alone. */
const authority = (version: string) => `-----BEGIN CERTIFICATE-----\nMIIB${version}\n-----END CERTIFICATE-----\n`;

/**
 * A Kubernetes cluster, of which nothing is in a cluster here: somebody else applies its manifests, until its connector moves to a machine beside it.
 *
 * @returns the credentials of its connectors, for a stack output.
 */
export function declareClusters({ accountId, zoneId, changed, replaced, opts }: Settings): pulumi.Output<string[]> {
    const [first, second] = ["ada", "grace"].map(
        (person) =>
            new AccessAudience(`${person}-operates`, { accountId, emails: [`${person}@example.com`] }, opts).policyIds,
    );
    const version = changed ? "2" : "1";
    const edgeRanges = [`172.18.0.${version}`];
    const { secretManifest, secretFiles } = new ClusterAccess(
        "cluster",
        {
            ...{ accountId, zoneId, team: "team" },
            clusterName: `cluster-${version}`,
            hostname: replaced ? "cluster-2.example.com" : "cluster-1.example.com",
            server: `https://api-${version}.internal`,
            apiServerRanges: [`10.0.0.${version}`],
            caPem: authority(version),
            policyIds: (changed ? second : first) ?? [],
            audience: [`operators-${version}`],
            sessionDuration: changed ? "4h" : "8h",
            applicationName: `Cluster ${version}`,
            tunnelName: `cluster-${replaced ? 3 : version}`,
            management: replaced ? TunnelManagement.Local : TunnelManagement.Remote,
            rotation: { since: "2020-01-01", every: "87600h", firstVersion: changed ? 2 : 1 },
            oidc: { issuer: `https://id-${version}.example.com`, clientId: "kubernetes" },
            grants: [{ groups: [`operators-${version}`], clusterRole: "view" }],
            tags: { version },
            ...(replaced
                ? { connector: { kind: "host", edgeRanges } }
                : {
                      connector: { kind: "manifests", namespace: `access-${version}`, edgeRanges },
                      edge: { addresses: [`172.18.0.${version}:7844`], caPem: authority(version) },
                  }),
        },
        opts,
    );
    return pulumi
        .all([secretManifest, secretFiles])
        .apply(([manifest, files]) => [
            ...(manifest.match(/[\w+/]{60,}=*/g) ?? []),
            ...files.map(({ content }) => content),
        ]);
}
