import { at, UNKNOWN } from "../../values.ts";
import { type Check, type Checks, joined } from "../opening.ts";
import { isOneOf, isSet } from "../paths.ts";
import { type Permissions, permissions } from "../permissions.ts";

const span: Permissions = { sources: [{ first: "startIpAddress", last: "endIpAddress" }] };
const redis: Permissions = { sources: [{ first: "startIp", last: "endIp" }] };
const nativeRedis: Permissions = { sources: [{ first: "startIP", last: "endIP" }] };

/** Azure's databases, by the schemas of `@pulumi/azure` 6.40 and `@pulumi/azure-native` 3.28: a rule is a first and a last address. */
const azureDatabases: Checks = {
    ...table(span, [
        "azure:mssql/firewallRule:FirewallRule",
        "azure:postgresql/firewallRule:FirewallRule",
        "azure:postgresql/flexibleServerFirewallRule:FlexibleServerFirewallRule",
        "azure:mysql/flexibleServerFirewallRule:FlexibleServerFirewallRule",
        "azure:synapse/firewallRule:FirewallRule",
        "azure-native:sql:FirewallRule",
        "azure-native:dbforpostgresql:FirewallRule",
        "azure-native:dbformysql:FirewallRule",
    ]),
    ...table(redis, ["azure:redis/firewallRule:FirewallRule"]),
    ...table(nativeRedis, ["azure-native:redis:FirewallRule"]),
};

/** Who may reach a database, where the resource is a list of ranges. */
const lists: Checks = {
    ...table({ list: "settings.ipConfiguration.authorizedNetworks", sources: ["value"] }, [
        "gcp:sql/databaseInstance:DatabaseInstance",
    ]),
    ...table({ list: "rules", only: { type: ["ip_addr", "ipAddr"] }, sources: ["value"] }, [
        "digitalocean:index/databaseFirewall:DatabaseFirewall",
    ]),
    ...table({ list: "aclRules", sources: ["ip"] }, [
        "scaleway:databases/acl:Acl",
        "scaleway:index/databaseAcl:DatabaseAcl",
    ]),
    ...table({ list: "acls", sources: ["ip"] }, [
        "scaleway:redis/cluster:Cluster",
        "scaleway:index/redisCluster:RedisCluster",
    ]),
    ...table({ sources: ["allowLists"] }, [
        "linode:index/databaseAccessControls:DatabaseAccessControls",
        "linode:index/databasePostgresqlV2:DatabasePostgresqlV2",
        "linode:index/databaseMysqlV2:DatabaseMysqlV2",
    ]),
    ...table({ sources: ["trustedIps"] }, ["vultr:index/database:Database"]),
    ...table({ sources: ["ips"] }, ["ovh:CloudProject/kubeIpRestrictions:KubeIpRestrictions"]),
};

const CLUSTER = "has a public API endpoint";

const googleCluster: Check = (props, config) => {
    const isPrivate = at(props, "privateClusterConfig", "enablePrivateEndpoint");
    if (isPrivate === UNKNOWN || isOneOf(isPrivate, [true])) return [];
    if (isSet(at(props, "masterAuthorizedNetworksConfig"))) {
        return permissions({ list: "masterAuthorizedNetworksConfig.cidrBlocks", sources: ["cidrBlock"] })(
            props,
            config,
        );
    }
    return [
        {
            does: CLUSTER,
            instead: "Set `privateClusterConfig.enablePrivateEndpoint` to true and reach the API through a tunnel.",
        },
    ];
};

function azureCluster(isPrivatePath: readonly string[], rangesPath: string): Check {
    return (props, config) => {
        const isPrivate = at(props, ...isPrivatePath);
        if (isPrivate === UNKNOWN || isOneOf(isPrivate, [true])) return [];
        return permissions({ sources: [rangesPath], anybodyIfOmitted: true })(props, config).map(() => ({
            does: CLUSTER,
            instead: `Set \`${isPrivatePath.join(".")}\` to true and reach the API through a tunnel.`,
        }));
    };
}

/** Kubernetes API servers, which are public where nobody says otherwise. */
const clusters: Checks = {
    "gcp:container/cluster:Cluster": googleCluster,
    "azure:containerservice/kubernetesCluster:KubernetesCluster": azureCluster(
        ["privateClusterEnabled"],
        "apiServerAccessProfile.authorizedIpRanges",
    ),
    "azure-native:containerservice:ManagedCluster": azureCluster(
        ["apiServerAccessProfile", "enablePrivateCluster"],
        "apiServerAccessProfile.authorizedIPRanges",
    ),
};

/** Managed databases and clusters of other clouds than AWS. */
export const otherEndpoints: Checks = joined(azureDatabases, lists, clusters);

function table(form: Permissions, types: readonly string[]): Checks {
    const check = permissions(form);
    return Object.fromEntries(types.map((type) => [type, check]));
}
