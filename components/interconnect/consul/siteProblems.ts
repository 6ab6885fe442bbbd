import type { Problem } from "../../internal/problems.ts";
import { ipAddressProblem } from "../../validation/index.ts";
import { repeatedProblem } from "../../validation/repeated.ts";
import { compileIntentions } from "../federation/intentions.ts";
import { problemAt, unknownProblem } from "../federation/names.ts";
import { federationProblems } from "../federation/problems.ts";
import type { Federation } from "../federation.ts";
import { type ConsulNode, dialledAt, sharingSites, sourcesOfGateways } from "./sitePlan.ts";

/** Every mistake in what a site's cluster is made from, by path. */
export function siteProblems(federation: Federation, site: string, nodes: readonly ConsulNode[]): Problem[] {
    const problems = federationProblems(federation);
    const sites = federation.sites.map(({ name }) => name);
    const siteProblem = unknownProblem(site, sites, "a site");
    // What follows reads a federation that compiles.
    if (problems.length > 0 || siteProblem !== undefined) return [...problems, ...problemAt("site", siteProblem)];
    return [
        ...nodeProblems(federation, site, nodes),
        ...unreachableProblems(federation, site),
        ...strangerProblems(federation, site),
    ];
}

function nodeProblems(federation: Federation, site: string, nodes: readonly ConsulNode[]): Problem[] {
    const own = federation.sites.find(({ name }) => name === site)?.nodes.map(({ name }) => name) ?? [];
    const given = nodes.map(({ name }) => name);
    const missing = own.filter((name) => !given.includes(name));
    const servers = nodes.filter(({ server }) => server === true).length;
    return [
        ...nodes.flatMap(({ name, address }, index) => [
            ...problemAt(`nodes[${index}].name`, unknownProblem(name, own, `a machine of ${JSON.stringify(site)}`)),
            ...problemAt(`nodes[${index}].name`, repeatedProblem(given, index, "nodes")),
            ...problemAt(`nodes[${index}].address`, ipAddressProblem(address)),
        ]),
        ...problemAt(
            "nodes",
            missing.length > 0
                ? `lacks ${missing.join(", ")}. Write the address inside the site of each machine.`
                : undefined,
        ),
        ...problemAt(
            "nodes",
            servers > 0 && servers % 2 === 0
                ? `has ${servers} servers, which survive no more than ${servers - 1} do. Mark 1, 3 or 5 as servers.`
                : undefined,
        ),
    ];
}

/** Gateways dial the site whose service is used: there has to be an address. */
function unreachableProblems(federation: Federation, site: string): Problem[] {
    return compileIntentions(federation).flatMap(({ from, to }, index) => {
        const concerns = from.site !== to.site && (from.site === site || to.site === site);
        if (!concerns || dialledAt(federation, to.site).length > 0) return [];
        return problemAt(
            `federation.intentions[${index}].to`,
            `${JSON.stringify(to.name)} is at ${JSON.stringify(to.site)}, where no machine has an address: nobody can dial its mesh gateway. Forward a port and give the machine's address, or connect the two with WireGuardMesh or TunnelLink.`,
        );
    });
}

/** A gateway admits peers by where they come from. */
function strangerProblems(federation: Federation, site: string): Problem[] {
    if (dialledAt(federation, site).length === 0) return [];
    const peers = sharingSites(compileIntentions(federation), site);
    return federation.sites.flatMap(({ name }, index) =>
        peers.includes(name) && sourcesOfGateways(federation, name).length === 0
            ? problemAt(
                  `federation.sites[${index}].egress`,
                  `is missing: nobody can tell from where ${JSON.stringify(name)} dials the gateway of ${JSON.stringify(site)}, which lets nobody else in. Write the addresses that its machines come from.`,
              )
            : [],
    );
}
