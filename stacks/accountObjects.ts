import type { AudienceConfig, Environment } from "./config/environment.ts";

/** Numbers by the names that the policy rule `account-objects-are-within-limits` gives kinds of objects. */
export type AccountObjects = Readonly<Record<string, number>>;

/**
 * What a stack makes in its account and zone, by its file alone: for other stacks of the account, which share its limits. Access groups and
 * Gateway policies, which are many to a declaration, and what labels of services ask for come on top.
 */
export function accountObjectsOf(environment: Environment): AccountObjects {
    const { apps, clusters, audiences, serviceTokens, identityProviders, clientCertificates } = environment;
    return {
        applications: apps.length + clusters.length,
        accessPolicies: audiences.reduce((sum, audience) => sum + policiesOf(audience), 0),
        serviceTokens: serviceTokens.length,
        identityProviders: identityProviders.length,
        clientCertificateAuthorities: clientCertificates.length,
        tunnels: 1 + clusters.length,
        privateRoutes: environment.privateNetworks.reduce(
            (sum, { networks = [], hostnames = [] }) => sum + networks.length + hostnames.length,
            0,
        ),
        dnsRecords: new Set([...apps, ...clusters].map(({ hostname }) => hostname)).size,
    };
}

/** One for people, one for machines. */
function policiesOf({ emails, emailDomains, groups = [], serviceTokens, ...machines }: AudienceConfig): number {
    const { certificateCommonNames = [], anyClientCertificate = false } = machines;
    const hasPeople = emails.length + emailDomains.length + groups.length > 0;
    const hasMachines = serviceTokens.length + certificateCommonNames.length > 0 || anyClientCertificate;
    return Number(hasPeople) + Number(hasMachines);
}

/** The sum over other stacks of the account; of records, those in the same zone. */
export function sumOfObjects({ zone }: Environment, others: readonly Environment[]): AccountObjects {
    const sum: Record<string, number> = {};
    for (const other of others) {
        for (const [kind, count] of Object.entries(accountObjectsOf(other))) {
            const counts = kind !== "dnsRecords" || other.zone.name === zone.name;
            sum[kind] = (sum[kind] ?? 0) + (counts ? count : 0);
        }
    }
    return sum;
}
