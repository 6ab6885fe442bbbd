import type { Federation } from "../../../components/index.ts";
import { compileIntentions } from "../../../components/interconnect/federation/intentions.ts";
import { unknownProblem } from "../../../components/interconnect/federation/names.ts";
import { federationProblems } from "../../../components/interconnect/federation/problems.ts";
import { partProblems } from "../../../components/interconnect/mutualTls/validation.ts";
import { certificateProblem, hostnameProblem } from "../../../components/validation/index.ts";
import type { ConfigIssue } from "../configError.ts";
import type { FederationConfig } from "./schema.ts";

/** The agreed part of what a stack file says, in the words of the components. */
export function federationOf({ name, domain, sites, services, intentions }: Federation): Federation {
    return { name, ...(domain === undefined ? {} : { domain }), sites, services, intentions };
}

/** What a federation is judged beside. */
export interface FederationSurroundings {
    zone: string;
    /** Host names of the stack and where they are written. */
    taken: ReadonlyMap<string, string>;
}

/** Every mistake in `sallyport:federation`, by path below it. */
export function federationIssues(config: FederationConfig, surroundings: FederationSurroundings): ConfigIssue[] {
    const federation = federationOf(config);
    const problems = federationProblems(federation, "");
    const unknownSite = unknownProblem(config.site, names(federation.sites), "a site");
    const site: ConfigIssue[] = unknownSite === undefined ? [] : [{ path: ".site", reason: unknownSite }];
    // Who uses whom, and where, can be told of a whole federation only.
    if (problems.length + site.length > 0) return [...problems, ...site];
    return [
        ...mutualTlsIssues(config, federation),
        ...bundleIssues(config),
        ...linkIssues(config, federation, surroundings),
    ];
}

function mutualTlsIssues({ site, mutualTls }: FederationConfig, federation: Federation): ConfigIssue[] {
    const own = names(federation.services.filter((service) => service.site === site));
    return Object.entries(mutualTls).flatMap(([service, settings]) => {
        const path = `.mutualTls.${service}`;
        const foreign = unknownProblem(service, own, "a service of the stack's own site");
        if (foreign !== undefined) return [{ path, reason: foreign }];
        return partProblems({ federation, service, ...settings }).map((problem) => ({
            // What is wrong with a node's address is written at the node.
            path: problem.path.startsWith("federation.")
                ? problem.path.replace("federation", "")
                : `${path}.${problem.path}`,
            reason: problem.reason,
        }));
    });
}

/** Authorities of own services are the stack's own to make. */
function bundleIssues({ site, services, trustBundles }: FederationConfig): ConfigIssue[] {
    const foreign = names(services.filter((service) => service.site !== site));
    return Object.entries(trustBundles).flatMap(([service, pem]) => {
        const reason = unknownProblem(service, foreign, "a service of another site") ?? certificateProblem(pem);
        return reason === undefined ? [] : [{ path: `.trustBundles.${service}`, reason }];
    });
}

function linkIssues(
    { site, links }: FederationConfig,
    federation: Federation,
    { zone, taken }: FederationSurroundings,
): ConfigIssue[] {
    const paths = compileIntentions(federation);
    const hostnames = new Map(taken);
    return links.flatMap(({ from, to, hostname }, index) => {
        const at = (key: string, reason: string | undefined) =>
            reason === undefined ? [] : [{ path: `.links[${index}].${key}`, reason }];
        const first = hostnames.get(hostname);
        hostnames.set(hostname, first ?? `federation.links[${index}]`);
        const intended = paths.find((path) => path.from.name === from && path.to.name === to);
        const used =
            intended?.to.site === site
                ? undefined
                : `is ${JSON.stringify(to)}, which is not of the stack's own site. Declare the link in the stack of that site.`;
        return [
            ...at(
                "to",
                intended === undefined
                    ? `is ${JSON.stringify(to)}, which no intention lets ${JSON.stringify(from)} use. Write one.`
                    : used,
            ),
            ...at("hostname", hostnameProblem(hostname, { zone, wildcard: false })),
            ...at(
                "hostname",
                first === undefined ? undefined : `"${hostname}" is that of ${first} already. Write another one.`,
            ),
        ];
    });
}

function names(named: readonly { name: string }[]): string[] {
    return named.map(({ name }) => name);
}
