import { z } from "zod";
import type { ClusterGrant } from "../../components/index.ts";
import { ClusterConnectorKind } from "../../components/kubernetes/clusterConnector.ts";
import { ConnectorLogLevel, TunnelProtocol } from "../../components/tunnel/connectorSettings.ts";
import {
    addressOfApiServer,
    apiServerProblem,
    certificateProblem,
    clusterRoleProblem,
    connectorNamespaceProblem,
    hostnameProblem,
    httpsUrlProblem,
    imageProblem,
    ipRangeProblem,
    namespaceProblem,
    replicasProblem,
    sessionDurationProblem,
    subjectPrefixProblem,
} from "../../components/validation/index.ts";
import type { ConfigIssue } from "./configError.ts";
import type { AudienceConfig } from "./environment.ts";
import { rotation } from "./rotation.ts";
import { identifier, text } from "./text.ts";
import { undeclaredAudience } from "./undeclared.ts";

const named = z.string().min(1, "is empty. Write a name.");

const oidc = z.strictObject({
    issuer: text(httpsUrlProblem),
    clientId: named,
    usernameClaim: named.optional(),
    groupsClaim: named.optional(),
    prefix: text(subjectPrefixProblem).optional(),
});

const grant = z.strictObject({
    audience: identifier,
    clusterRole: text(clusterRoleProblem),
    namespaces: z
        .array(text(namespaceProblem))
        .min(1, "is empty. Write at least one, or leave it out for the whole cluster.")
        .optional(),
});

const connector = z
    .strictObject({
        kind: z
            .enum(ClusterConnectorKind, {
                error: `is unknown. Write one of ${Object.values(ClusterConnectorKind).join(", ")}.`,
            })
            .default(ClusterConnectorKind.Deployment),
        context: named.optional(),
        namespace: text(connectorNamespaceProblem).optional(),
        replicas: z
            .number()
            .superRefine((value, context) => {
                const message = replicasProblem(value);
                if (message !== undefined) context.addIssue({ code: "custom", message });
            })
            .optional(),
        image: text(imageProblem).optional(),
        protocol: z.enum(TunnelProtocol, { error: 'is unknown. Write "auto", "quic" or "http2".' }).optional(),
        logLevel: z
            .enum(ConnectorLogLevel, { error: 'is unknown. Write "debug", "info", "warn" or "error".' })
            .optional(),
    })
    .superRefine(({ kind, context: contextName }, context) => {
        const isDeployed = kind === ClusterConnectorKind.Deployment;
        const add = (message: string) => context.addIssue({ code: "custom", path: ["context"], message });
        if (isDeployed && contextName === undefined) {
            add("is missing. Write the context of your kubeconfig that leads to this very cluster.");
        }
        if (!isDeployed && contextName !== undefined) {
            add(`has no meaning for the kind "${kind}", which deploys nothing. Remove it.`);
        }
    });

/** One Kubernetes cluster, as a stack file says it. */
export const cluster = z.strictObject({
    name: identifier,
    hostname: z.string(),
    server: text(apiServerProblem),
    apiServerRanges: z
        .array(text(ipRangeProblem))
        .min(1, 'is empty. Write at least one address, such as "10.0.0.5".')
        .optional(),
    certificateAuthority: text(certificateProblem),
    audience: z
        .array(identifier, {
            error: "A cluster needs an audience. Write a list of names declared in sallyport:audiences.",
        })
        .min(1, "is empty, so nobody could enter. Write at least one name declared in sallyport:audiences."),
    sessionDuration: text(sessionDurationProblem).optional(),
    tags: z.record(z.string(), z.string()).optional(),
    oidc: oidc.optional(),
    grants: z.array(grant).default([]),
    rotation: rotation.optional(),
    connector: connector.prefault({ kind: ClusterConnectorKind.Manifests }),
});

export type ClusterConfig = z.output<typeof cluster>;

/** What does not fit together in `sallyport:clusters`, by path below it. */
export function clusterIssues(
    clusters: readonly ClusterConfig[],
    { zone, taken, audiences }: ClusterSurroundings,
): ConfigIssue[] {
    const issues: ConfigIssue[] = [];
    const [names, hostnames] = [new Map<string, string>(), new Map<string, string>(taken)];
    clusters.forEach((one, index) => {
        const at = (path: string) => `[${index}].${path}`;
        const add = (path: string, reason: string | undefined) =>
            reason !== undefined && issues.push({ path: at(path), reason });
        add("hostname", hostnameProblem(one.hostname, { zone, wildcard: false }));
        for (const [path, seen] of [
            ["name", names],
            ["hostname", hostnames],
        ] as const) {
            const first = seen.get(one[path]);
            if (first !== undefined) add(path, `"${one[path]}" is that of ${first} already. Write another one.`);
            seen.set(one[path], first ?? `clusters[${index}]`);
        }
        if (one.apiServerRanges === undefined && addressOfApiServer(one.server) === undefined) {
            add("apiServerRanges", `is missing, and "${one.server}" names no address. Write those of the API servers.`);
        }
        one.audience.forEach((who, position) => {
            if (!audiences.has(who)) add(`audience[${position}]`, undeclaredAudience(who, audiences.keys()));
        });
        one.grants.forEach(({ audience }, position) => {
            add(`grants[${position}].audience`, grantProblem(audience, one.audience, audiences));
        });
    });
    return issues;
}

/** What clusters are held against. */
export interface ClusterSurroundings {
    zone: string;
    /** Host names that are in use, with what uses them. */
    taken: ReadonlyMap<string, string>;
    audiences: ReadonlyMap<string, AudienceConfig>;
}

function grantProblem(
    name: string,
    entering: readonly string[],
    audiences: ReadonlyMap<string, AudienceConfig>,
): string | undefined {
    const declared = audiences.get(name);
    if (declared === undefined) return undeclaredAudience(name, audiences.keys());
    if (!entering.includes(name)) {
        return `"${name}" does not pass Access to this cluster. Add it to the cluster's audience, or correct the name.`;
    }
    const { groups, users } = subjectsOf(declared);
    return groups.length + users.length > 0
        ? undefined
        : `"${name}" has neither groups nor e-mail addresses, which is all that Kubernetes binds roles to. Give it some.`;
}

/** What the tokens of an audience's members say of them: their groups by the names that their provider gives, and their addresses. */
export function subjectsOf({ groups = [], emails }: AudienceConfig): Required<Pick<ClusterGrant, "groups" | "users">> {
    const names = groups.map(
        ({ googleGroup, oktaGroup, azureGroupId, samlAttribute, oidcClaim }) =>
            googleGroup ?? oktaGroup ?? azureGroupId ?? samlAttribute?.value ?? oidcClaim?.value,
    );
    return { groups: [...new Set(names.filter((name) => name !== undefined))], users: emails };
}
