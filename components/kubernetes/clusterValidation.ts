import { checkGuard } from "../access/guardingApplication.ts";
import { checkRotation } from "../internal/checkRotation.ts";
import type { Problems } from "../internal/problems.ts";
import { checkShape } from "../internal/shape.ts";
import { TunnelProtocol } from "../tunnel/connectorSettings.ts";
import { TunnelManagement } from "../tunnel/management.ts";
import { checkConnector, checkEdge } from "../tunnel/sidecarValidation.ts";
import {
    addressOfApiServer,
    apiServerProblem,
    certificateProblem,
    clusterNameProblem,
    clusterRoleProblem,
    connectorNamespaceProblem,
    hostnameProblem,
    httpsUrlProblem,
    ipRangeProblem,
    memberProblem,
    namespaceProblem,
    subjectNameProblem,
    subjectPrefixProblem,
    teamProblem,
    tunnelNameProblem,
    zoneIdProblem,
} from "../validation/index.ts";
import type { ClusterAccessArgs } from "./clusterAccess.ts";
import { type ClusterConnector, ClusterConnectorKind } from "./clusterConnector.ts";
import type { ClusterGrant } from "./grants.ts";

const NO_NAME = "is empty. Write a name.";

/** What the connectors may reach: the ranges that are named, or the address of the API server. */
export function rangesOfApiServer({ server, apiServerRanges }: ClusterAccessArgs): string[] {
    const address = addressOfApiServer(server);
    return apiServerRanges ?? (address === undefined ? [] : [address]);
}

/** Checks the arguments of a {@link ClusterAccess}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkClusterArgs(name: string, args: ClusterAccessArgs): void {
    const problems = checkShape("ClusterAccess", name, args);
    checkGuard(problems, name, args);
    problems.check("zoneId", args.zoneId, zoneIdProblem);
    problems.check("team", args.team, teamProblem);
    problems.add(args.clusterName === undefined ? "name" : "clusterName", clusterNameProblem(args.clusterName ?? name));
    problems.add("hostname", hostnameProblem(args.hostname, { wildcard: false }));
    problems.check("tunnelName", args.tunnelName ?? name, tunnelNameProblem);
    problems.check("management", args.management, (one) => memberProblem(one, Object.values(TunnelManagement)));
    problems.check("caPem", args.caPem, certificateProblem);
    if (args.audience.length === 0) problems.add("audience", "is empty. Write the names of those who may enter.");
    problems.checkEach("audience", args.audience, (who) => (who === "" ? NO_NAME : undefined));
    checkRotation(problems, args.rotation);
    for (const [tag, value] of Object.entries(args.tags ?? {})) problems.check(`tags.${tag}`, value);
    checkServer(problems, args);
    checkOidc(problems, args);
    checkGrants(problems, args.grants ?? []);
    checkConnectors(problems, args, args.connector ?? {});
    problems.throwIfAny("ClusterAccess", name);
}

function checkServer(problems: Problems, { server, apiServerRanges }: ClusterAccessArgs): void {
    const wrong = apiServerProblem(server);
    problems.add("server", wrong);
    problems.checkEach("apiServerRanges", apiServerRanges, ipRangeProblem);
    if (apiServerRanges?.length === 0) {
        problems.add("apiServerRanges", 'is empty. Write at least one address, such as "10.0.0.5".');
    }
    if (wrong === undefined && apiServerRanges === undefined && addressOfApiServer(server) === undefined) {
        const why = `is missing, and ${JSON.stringify(server)} names no address: the connectors could be held to nothing`;
        problems.add("apiServerRanges", `${why}. Write the addresses of the service and of the API servers behind it.`);
    }
}

function checkOidc(problems: Problems, { oidc }: ClusterAccessArgs): void {
    problems.check("oidc.issuer", oidc?.issuer, httpsUrlProblem);
    for (const key of ["clientId", "usernameClaim", "groupsClaim"] as const) {
        problems.check(`oidc.${key}`, oidc?.[key], (value) => (value === "" ? NO_NAME : undefined));
    }
    problems.check("oidc.prefix", oidc?.prefix, subjectPrefixProblem);
}

function checkGrants(problems: Problems, grants: readonly ClusterGrant[]): void {
    const places = new Map<string, number>();
    for (const [index, { groups = [], users = [], clusterRole, namespaces }] of grants.entries()) {
        const path = `grants[${index}]`;
        problems.check(`${path}.clusterRole`, clusterRole, clusterRoleProblem);
        problems.checkEach(`${path}.groups`, groups, subjectNameProblem);
        problems.checkEach(`${path}.users`, users, subjectNameProblem);
        if (groups.length + users.length === 0) {
            problems.add(path, 'is for nobody. Write "groups", "users" or both.');
        }
        if (namespaces?.length === 0) {
            problems.add(`${path}.namespaces`, "is empty. Write at least one, or leave it out for the whole cluster.");
        }
        problems.checkEach(`${path}.namespaces`, namespaces, namespaceProblem);
        for (const place of namespaces ?? [""]) {
            const first = places.get(`${clusterRole}@${place}`);
            if (first !== undefined && first !== index) {
                const where = place === "" ? "in the whole cluster" : `in "${place}"`;
                const said = `${JSON.stringify(clusterRole)} is granted ${where} by grants[${first}] already`;
                problems.add(`${path}.clusterRole`, `${said}. Name everybody there.`);
            }
            places.set(`${clusterRole}@${place}`, first ?? index);
        }
    }
}

/** What has no meaning on a machine beside the cluster. */
const IN_CLUSTER = ["namespace", "replicas", "image"] as const;

function checkConnectors(problems: Problems, { edge }: ClusterAccessArgs, connector: ClusterConnector): void {
    const { kind, protocol, edgeRanges } = connector;
    problems.check("connector.kind", kind, (one) => memberProblem(one, Object.values(ClusterConnectorKind)));
    problems.check("connector.namespace", connector.namespace, connectorNamespaceProblem);
    problems.check("connector.protocol", protocol, (one) => memberProblem(one, Object.values(TunnelProtocol)));
    checkConnector(problems, "connector.", connector);
    problems.checkEach("connector.edgeRanges", edgeRanges, ipRangeProblem);
    if (edgeRanges?.length === 0) problems.add("connector.edgeRanges", "is empty. Write the ranges of the edge.");
    if (kind === ClusterConnectorKind.Host) {
        const stray = "has no meaning on a machine beside the cluster. Leave it out.";
        for (const key of IN_CLUSTER) if (connector[key] !== undefined) problems.add(`connector.${key}`, stray);
        if (edge !== undefined) problems.add("edge", "is for connectors in the cluster. Leave it out.");
        return;
    }
    if (edge === undefined) return;
    checkEdge(problems, edge);
    if (edgeRanges === undefined) {
        problems.add("connector.edgeRanges", "is missing. Write the ranges in which the edge of one's own listens.");
    }
    if (protocol !== undefined && protocol !== TunnelProtocol.Http2) {
        const reason = `"${protocol}" is not spoken by an edge of one's own. Write "http2" or leave it out.`;
        problems.add("connector.protocol", reason);
    }
}
