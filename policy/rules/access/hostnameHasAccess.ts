import { type Destination, destinations, guards, standsBefore } from "../../access.ts";
import { coversHostname, ingressServes, isTunnelName, normalise } from "../../hostnames.ts";
import { answersItself, describe, type IngressRule, ingressRules, knownIngressRules } from "../../ingress.ts";
import type { Resource, StackFinding, StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, items, shown, text, UNKNOWN } from "../../values.ts";

/**
 * Names of a tunnel, in its ingress or in DNS, that no Access application stands before are open to everybody.
 *
 * A name that is known needs an application whose name is known: both are written from the same configuration. A list
 * of policies that is not known yet is taken on trust here, because `access-application-has-policy` judges it before
 * the application is made.
 */
export const hostnameHasAccess: StackRule = {
    name: "tunnel-hostname-has-access",
    description: "An Access application with a policy stands before every host name and path of a tunnel.",
    severity: "critical",
    remediationSteps:
        "Declare a `ZeroTrustAccessApplication` whose domain is the host name (and path), with at least one policy. Write host names out instead of wildcards.",
    judgeStack: (resources) => {
        const guardians = index(
            resources
                .filter((resource) => resource.type === Token.accessApplication && mayGuard(resource))
                .map(guardian),
        );
        const documents = resources.filter((resource) => resource.type === Token.tunnelConfig);
        const inIngress = documents.flatMap((document) =>
            knownIngressRules(document)
                .filter((rule) => !answersItself(rule))
                .flatMap((rule) => judgeIngress(document, rule, guardians)),
        );
        const reported = new Set(inIngress.map(({ hostname }) => hostname));
        const served = servedNames(documents);
        const inDns = resources
            .filter((resource) => resource.type === Token.dnsRecord && leadsToTunnel(resource))
            .flatMap((record) => judgeRecord(record, served, guardians))
            .filter(({ hostname }) => !reported.has(hostname));
        return [...inIngress, ...inDns];
    },
};

/** An Access application as a guard of host names. */
interface Guardian {
    readonly name: string;
    readonly destinations: readonly Destination[];
    /** Whether it is known to have no policy. */
    readonly empty: boolean;
}

function mayGuard({ props }: Resource): boolean {
    const type = at(props, "type");
    return type === UNKNOWN || standsBefore(type);
}

function guardian(application: Resource): Guardian {
    const policies = items(at(application.props, "policies"));
    return {
        name: application.name,
        destinations: destinations(application),
        empty: policies !== UNKNOWN && policies.length === 0,
    };
}

/** Looks up by host name. Stacks have a thousand of each, so comparing each with each would take seconds. */
type GuardiansOf = (hostname: string) => readonly Guardian[];

function index(guardians: readonly Guardian[]): GuardiansOf {
    const exact = new Map<string, Guardian[]>();
    const wildcards: { pattern: string; guardian: Guardian }[] = [];
    for (const one of guardians) {
        for (const name of new Set(one.destinations.map(({ hostname }) => normalise(hostname)))) {
            if (name.includes("*")) wildcards.push({ pattern: name, guardian: one });
            const same = exact.get(name);
            if (same === undefined) exact.set(name, [one]);
            else same.push(one);
        }
    }
    return (hostname) => [
        ...(exact.get(hostname) ?? []),
        ...wildcards
            .filter(({ pattern }) => pattern !== hostname && coversHostname(pattern, hostname))
            .map(({ guardian }) => guardian),
    ];
}

/** Whether the ingress rules of the stack take requests for a name, as far as they are known. */
function servedNames(documents: readonly Resource[]): (hostname: string) => boolean {
    if (documents.some((document) => ingressRules(document) === UNKNOWN)) return () => true;
    const patterns = documents
        .flatMap(knownIngressRules)
        .map(({ hostname }) => hostname)
        .filter((hostname) => typeof hostname === "string")
        .map(normalise);
    const exact = new Set(patterns);
    const wildcards = patterns.filter((pattern) => pattern.startsWith("*."));
    return (hostname) => exact.has(hostname) || wildcards.some((pattern) => ingressServes(pattern, hostname));
}

function judgeIngress(document: Resource, rule: IngressRule, guardians: GuardiansOf): StackFinding[] {
    if (typeof rule.hostname !== "string") return [];
    const hostname = normalise(rule.hostname);
    const subject = describe(document, rule);
    const gap = findGap(guardians, hostname, rule.path);
    if (gap !== undefined) {
        return [{ resource: document, hostname, wrong: `${subject} ${gap}.`, instead: cure(hostname) }];
    }
    if (!hostname.startsWith("*.") || isOn(at(rule.originRequest, "access", "required"))) return [];
    return [
        {
            resource: document,
            hostname,
            wrong: `${subject} takes names of any depth, while its Access application covers one label and the connector demands no token.`,
            instead: "Write the host names out, or set `originRequest.access.required` to true.",
        },
    ];
}

function judgeRecord(
    record: StackResource,
    isServed: (hostname: string) => boolean,
    guardians: GuardiansOf,
): StackFinding[] {
    const name = text(at(record.props, "name"));
    if (name === undefined) return [];
    const hostname = normalise(name);
    // The paths of a name are judged with its ingress rules. Where they are out of sight, the whole name needs a guard.
    const gap = findGap(guardians, hostname, isServed(hostname) ? UNKNOWN : undefined);
    if (gap === undefined) return [];
    const wrong = `DNS record '${record.name}' sends ${shown(name)} to a tunnel, and the name ${gap}.`;
    return [{ resource: record, hostname, wrong, instead: cure(hostname) }];
}

/** What is missing before a name and path, to follow the subject of a sentence; nothing if somebody guards it. */
function findGap(guardians: GuardiansOf, hostname: string, path: IngressRule["path"]): string | undefined {
    const near = guardians(hostname);
    if (near.length === 0) return "has no Access application";
    const whole = near.filter((one) => path === UNKNOWN || one.destinations.some((to) => guards(to, hostname, path)));
    const names = (some: readonly Guardian[]): string => some.map(({ name }) => `'${name}'`).join(", ");
    if (whole.length === 0) {
        return `is covered only in part by the Access application ${names(near)}: a path that it does not cover stays open`;
    }
    if (whole.every(({ empty }) => empty)) return `has the Access application ${names(whole)}, which has no policy`;
    return undefined;
}

function cure(hostname: string): string {
    return `Declare an Access application with the domain "${hostname}" and at least one policy.`;
}

/**
 * Whether a record leads to a tunnel. In a first preview the tunnel's id is not known, and so neither is the record's
 * target: what it is made from tells.
 */
function leadsToTunnel({ props, propertyDependencies }: StackResource): boolean {
    const target = at(props, "content");
    if (typeof target === "string") return isTunnelName(target);
    return target === UNKNOWN && (propertyDependencies.content ?? []).some((from) => from.type === Token.tunnel);
}
