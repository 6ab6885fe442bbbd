import type { Problems } from "../../internal/problems.ts";
import { dnsNameProblem, emailDomainProblem, ipRangeProblem } from "../../validation/index.ts";

/**
 * What an authority may certify. Whatever is not named is forbidden, kinds of name included: with `dnsDomains` alone it certifies no address, no
 * e-mail address and no URI.
 */
export interface PermittedNames {
    /** Domains, each with all names below it: `internal.example.com`, or `lan`. No host name at all if omitted. */
    dnsDomains?: string[];
    /** CIDR ranges: `10.0.0.0/8`. No address at all if omitted. */
    ipRanges?: string[];
    /** Domains of e-mail addresses, without those below: `example.com`. No e-mail address at all if omitted. */
    emailDomains?: string[];
    /** Hosts of URIs, without those below: `example.com` for `spiffe://example.com/orders`. No URI at all if omitted. */
    uriHosts?: string[];
}

/** Records every mistake in what an authority may certify, by its path. */
export function checkPermitted(problems: Problems, path: string, permitted: PermittedNames): void {
    const { dnsDomains = [], ipRanges = [], emailDomains = [], uriHosts = [] } = permitted;
    if (dnsDomains.length + ipRanges.length + emailDomains.length + uriHosts.length === 0) {
        problems.add(path, 'permits nothing. Write "dnsDomains", "ipRanges", "emailDomains" or "uriHosts".');
    }
    problems.checkEach(`${path}.dnsDomains`, dnsDomains, domainProblem);
    problems.checkEach(`${path}.ipRanges`, ipRanges, ipRangeProblem);
    problems.checkEach(`${path}.emailDomains`, emailDomains, emailDomainProblem);
    problems.checkEach(`${path}.uriHosts`, uriHosts, domainProblem);
}

function domainProblem(domain: string): string | undefined {
    if (!domain.startsWith("*.")) return dnsNameProblem(domain);
    return `${JSON.stringify(domain)} is a wildcard, and names below a domain are meant anyway. Write ${JSON.stringify(domain.slice(2))}.`;
}
