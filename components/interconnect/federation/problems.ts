import type { Problem } from "../../internal/problems.ts";
import { dnsNameProblem } from "../../validation/index.ts";
import type { Federation } from "../federation.ts";
import { federationNameProblem, nameProblems, problemAt } from "./names.ts";
import { intentionProblems, serviceProblems } from "./serviceProblems.ts";
import { siteProblems } from "./siteProblems.ts";

/** What was found last: a program describes its federation once and hands it to many components. */
let last: { description: string; problems: readonly Problem[] } | undefined;

/**
 * Every mistake in a federation, by path. One without mistakes can be compiled to every back end.
 *
 * @param path where the federation stands. `federation`, the argument of the components, if omitted.
 */
export function federationProblems(federation: Federation, path = "federation"): Problem[] {
    const description = JSON.stringify(federation);
    if (last?.description !== description) last = { description, problems: findProblems(federation) };
    return last.problems.map((problem) => ({ ...problem, path: `${path}.${problem.path}` }));
}

function findProblems({ name, domain, sites, services, intentions }: Federation): Problem[] {
    return [
        ...problemAt("name", federationNameProblem(name)),
        ...problemAt("domain", domain === undefined ? undefined : domainProblem(domain)),
        ...problemAt("sites", sites.length === 0 ? "is empty. Write at least one site." : undefined),
        ...nameProblems("sites", sites),
        ...siteProblems(sites),
        ...nameProblems("services", services),
        ...serviceProblems(services, sites),
        ...intentionProblems(intentions, services),
    ];
}

function domainProblem(domain: string): string | undefined {
    if (domain.includes("*"))
        return `${JSON.stringify(domain)} is a wildcard. Write the domain itself, such as "consul".`;
    return dnsNameProblem(domain);
}
