import { Problems } from "../internal/problems.ts";
import {
    accountIdProblem,
    audienceMemberProblems,
    audienceProblem,
    contains,
    displayNameProblem,
    hostnameProblem,
    ipRangeProblem,
    overlappingRanges,
    portProblem,
    privateRangeProblem,
    tunnelIdProblem,
    uuidProblem,
} from "../validation/index.ts";
import { MAX_GRANTS } from "./gatewayRules.ts";
import type { PrivateNetworkGrant } from "./grants.ts";
import type { PrivateNetworkArgs } from "./privateNetwork.ts";

const GRANT_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Checks the arguments of a {@link PrivateNetwork}. @throws pulumi.InputPropertiesError with every mistake. */
export function checkNetworkArgs(name: string, args: PrivateNetworkArgs): void {
    const problems = new Problems();
    const { networks = [], hostnames = [], grants } = args;
    problems.check("accountId", args.accountId, accountIdProblem);
    problems.check("tunnelId", args.tunnelId, tunnelIdProblem);
    problems.check("networkName", args.networkName ?? name, displayNameProblem);
    problems.check("precedence", args.precedence, precedenceProblem);
    if (networks.length + hostnames.length === 0) {
        problems.add("networks", 'is empty, and so is "hostnames". Write at least one range or host name.');
    }
    for (const [index, range] of networks.entries()) problems.add(`networks[${index}]`, privateRangeProblem(range));
    for (const { index, first } of overlappingRanges(networks)) {
        problems.add(`networks[${index}]`, overlap(networks, index, first));
    }
    problems.checkEach("hostnames", hostnames, (hostname) => hostnameProblem(hostname, { wildcard: false }));
    if (args.virtualNetworkId !== undefined && args.ownVirtualNetwork) {
        problems.add("virtualNetworkId", 'contradicts "ownVirtualNetwork". Leave one of them out.');
    }
    problems.check("virtualNetworkId", args.virtualNetworkId, uuidProblem);
    if (grants.length === 0) problems.add("grants", "is empty, so nobody could ever enter. Write at least one grant.");
    if (grants.length > MAX_GRANTS) {
        problems.add("grants", `has ${grants.length} elements. Write at most ${MAX_GRANTS}, each for many people.`);
    }
    for (const [index, grant] of grants.entries()) checkGrant(problems, `grants[${index}]`, grant, networks);
    for (const [index, { name: grant }] of grants.entries()) {
        const first = grants.findIndex((other) => other.name === grant);
        const again = `${JSON.stringify(grant)} is the name of grants[${first}] already. Write another one.`;
        problems.add(`grants[${index}].name`, first === index ? undefined : again);
    }
    problems.throwIfAny("PrivateNetwork", name);
}

function checkGrant(problems: Problems, path: string, grant: PrivateNetworkGrant, networks: readonly string[]): void {
    const { emails, emailDomains, fromRanges, fromCountries } = grant;
    const wrongName = `${JSON.stringify(grant.name)} is not a name. Write 1 to 40 lower-case letters, digits and "-".`;
    problems.add(`${path}.name`, GRANT_NAME.test(grant.name) ? undefined : wrongName);
    problems.add(path, audienceProblem({ emails, emailDomains }));
    const members = audienceMemberProblems({ emails, emailDomains, countries: fromCountries });
    problems.addAll(
        members.map(({ path: at, reason }) => ({
            path: `${path}.${at.replace(/^countries/, "fromCountries")}`,
            reason,
        })),
    );
    for (const [index, range] of (fromRanges ?? []).entries()) {
        problems.add(`${path}.fromRanges[${index}]`, ipRangeProblem(range));
    }
    for (const [index, range] of (grant.networks ?? []).entries()) {
        const problem = ipRangeProblem(range);
        const inside =
            problem !== undefined ||
            networks.some((own) => privateRangeProblem(own) === undefined && contains(own, range));
        const outside = `${JSON.stringify(range)} is outside the network. Write a range inside ${networks.join(", ")}.`;
        problems.add(`${path}.networks[${index}]`, problem ?? (inside ? undefined : outside));
    }
    problems.checkEach(`${path}.ports`, grant.ports, portProblem);
}

function overlap(networks: readonly string[], index: number, first: number): string {
    return `${JSON.stringify(networks[index])} overlaps networks[${first}], ${JSON.stringify(networks[first])}. Write each address once.`;
}

function precedenceProblem(precedence: number): string | undefined {
    const fits = Number.isSafeInteger(precedence) && precedence >= 1;
    return fits ? undefined : `${precedence} is not a precedence. Write a whole number from 1 on.`;
}
