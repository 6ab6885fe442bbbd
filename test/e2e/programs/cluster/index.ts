/** A cluster whose connectors are deployed into it. `CHANGED=1` changes what can be changed in place, and the credentials. */
import { Provider } from "@pulumi/cloudflare/provider.js";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider.js";
import { AccessAudience, ClusterAccess } from "../../../../components/index.ts";

const {
    CLUSTER_ACCOUNT: accountId = "",
    CLUSTER_ZONE: zoneId = "",
    CLUSTER_SERVER: server = "",
    CLUSTER_CA: caPem = "",
    CLUSTER_KUBECONFIG: kubeconfig = "",
} = process.env;
const changed = process.env.CHANGED === "1";

const cloudflare = new Provider("cloudflare", {});
const kubernetes = new KubernetesProvider("kubernetes", { kubeconfig });
const { policyIds } = new AccessAudience(
    "operators",
    { accountId, emails: ["ada@example.com"] },
    { providers: { cloudflare } },
);
const access = new ClusterAccess(
    "deployed",
    {
        ...{ accountId, zoneId, team: "team", hostname: "deployed.example.com", server, caPem },
        ...{ policyIds, audience: ["operators"], management: "local" },
        rotation: { since: "2020-01-01", every: "87600h", firstVersion: changed ? 2 : 1 },
        grants: [
            { groups: changed ? ["operators", "oncall"] : ["operators"], clusterRole: "view" },
            { groups: ["operators"], clusterRole: "edit", namespaces: ["default"] },
        ],
        connector: { replicas: changed ? 3 : 2 },
    },
    { providers: { cloudflare, kubernetes } },
);
export const clusters = { version: 1, clusters: [access.catalogueEntry] };
