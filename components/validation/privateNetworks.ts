import { audienceMemberProblems, audienceProblem } from "./audiences.ts";
import { hostnameProblem } from "./hostnames.ts";
import { ipRangeProblem } from "./people.ts";
import { contains, overlappingRanges, privateRangeProblem } from "./privateRanges.ts";
import { repeatedProblem } from "./repeated.ts";
import { portProblem } from "./services.ts";

/** Grants that fit before the rule that refuses everybody else. */
export const MAX_GRANTS = 99;

/**
 * Where Gateway's rules of private networks begin. Those of a network in a virtual network of its own name it, and come first. Those of the
 * account's default virtual network name none, so they would decide about the same addresses in all of them.
 */
export const FIRST_PRECEDENCE = { inOwnVirtualNetwork: 10_000, inDefaultVirtualNetwork: 40_000 } as const;

/** A private network as far as it can be judged by itself. */
export interface PrivateNetworkDescription {
    networks?: readonly string[];
    hostnames?: readonly string[];
    grants: readonly GrantDescription[];
}

interface GrantDescription {
    name: string;
    emails?: string[];
    emailDomains?: string[];
    fromRanges?: readonly string[];
    fromCountries?: string[];
    networks?: readonly string[];
    ports?: readonly number[];
}

interface PathProblem {
    path: string;
    reason: string;
}

const GRANT_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Every mistake in the ranges, host names and grants of a private network, by path. */
export function privateNetworkProblems({
    networks = [],
    hostnames = [],
    grants,
}: PrivateNetworkDescription): PathProblem[] {
    const empty = networks.length + hostnames.length === 0;
    return [
        ...at(
            "networks",
            empty ? 'is empty, and so is "hostnames". Write at least one range or host name.' : undefined,
        ),
        ...networks.flatMap((range, index) => at(`networks[${index}]`, privateRangeProblem(range))),
        ...overlappingRanges(networks).flatMap(({ index, first }) =>
            at(
                `networks[${index}]`,
                `${JSON.stringify(networks[index])} overlaps networks[${first}], ${JSON.stringify(networks[first])}. Write each address once.`,
            ),
        ),
        ...hostnames.flatMap((hostname, index) =>
            at(
                `hostnames[${index}]`,
                hostnameProblem(hostname, { wildcard: false }) ?? repeatedProblem(hostnames, index, "hostnames"),
            ),
        ),
        ...at("grants", countProblem(grants.length)),
        ...grants.flatMap((grant, index) =>
            [
                ...at("name", grantNameProblem(grant.name) ?? repeatedProblem(names(grants), index, "grants")),
                ...grantProblems(grant, networks),
            ].map(({ path, reason }) => ({ path: `grants[${index}]${path === "" ? "" : `.${path}`}`, reason })),
        ),
    ];
}

function grantProblems(grant: GrantDescription, networks: readonly string[]): PathProblem[] {
    const { emails, emailDomains, fromRanges = [], fromCountries, ports = [] } = grant;
    const members = audienceMemberProblems({ emails, emailDomains, countries: fromCountries });
    return [
        ...at("", audienceProblem({ emails, emailDomains })),
        ...members.map(({ path, reason }) => ({ path: path.replace(/^countries/, "fromCountries"), reason })),
        ...fromRanges.flatMap((range, index) => at(`fromRanges[${index}]`, ipRangeProblem(range))),
        ...(grant.networks ?? []).flatMap((range, index) =>
            at(`networks[${index}]`, ipRangeProblem(range) ?? outsideProblem(range, networks)),
        ),
        ...ports.flatMap((port, index) => at(`ports[${index}]`, portProblem(port))),
    ];
}

function grantNameProblem(name: string): string | undefined {
    if (GRANT_NAME.test(name)) return undefined;
    return `${JSON.stringify(name)} is not a name. Write 1 to 40 lower-case letters, digits and "-".`;
}

function countProblem(grants: number): string | undefined {
    if (grants === 0) return "is empty, so nobody could ever enter. Write at least one grant.";
    return grants <= MAX_GRANTS
        ? undefined
        : `has ${grants} elements. Write at most ${MAX_GRANTS}, each for many people.`;
}

function outsideProblem(range: string, networks: readonly string[]): string | undefined {
    const judged = networks.filter((own) => ipRangeProblem(own) === undefined);
    if (judged.length < networks.length || judged.some((own) => contains(own, range))) return undefined;
    return `${JSON.stringify(range)} is outside the network. Write a range inside ${networks.join(", ")}.`;
}

function names(grants: readonly GrantDescription[]): string[] {
    return grants.map(({ name }) => name);
}

function at(path: string, reason: string | undefined): PathProblem[] {
    return reason === undefined ? [] : [{ path, reason }];
}
