import type { PostureRequirement } from "../access/audience/conditions.ts";
import { normaliseIpRange } from "../validation/index.ts";

/** Who may reach a private network, or a part of it. */
export interface PrivateNetworkGrant {
    /** Name in the rule's name: letters, digits and `-`. */
    name: string;
    /** People by e-mail address; case does not matter. */
    emails?: string[];
    /** Everybody with an address in one of these domains. Domains of free mail are refused. */
    emailDomains?: string[];
    /** IP addresses or CIDR ranges: who is let in must also come from one of them. From anywhere if omitted. */
    fromRanges?: string[];
    /** Countries (ISO 3166-1 alpha-2): who is let in must also come from one of them. From anywhere if omitted. */
    fromCountries?: string[];
    /** Checks that the device must pass, each of them. Any device if omitted. */
    posture?: PostureRequirement[];
    /** Ranges inside the network's own that they reach. All of them if omitted. */
    networks?: string[];
    /** TCP and UDP ports that they reach. All if omitted. */
    ports?: number[];
}

/**
 * Connections into the network. The selectors are those of developers.cloudflare.com, cloudflare-one, "Network policies".
 *
 * Expressions are written in the one way in which Gateway gives them back: values sorted, one blank, no escapes. Another spelling of the
 * same would be a change at every refresh (cloudflare/terraform-provider-cloudflare#6631).
 */
export function trafficTo(networks: readonly string[], virtualNetworkId: string | undefined): string {
    return allOf([
        `net.dst.ip in ${setOf(networks.map(normaliseIpRange))}`,
        ...(virtualNetworkId === undefined ? [] : [`net.vnet_id == ${quoted(virtualNetworkId)}`]),
    ]);
}

/** Lookups of names (cloudflare-one, "DNS policies"). A device reaches a private host name only at the address that Gateway's own answer tells. */
export function lookupsOf(hostnames: readonly string[]): string {
    return `dns.fqdn in ${setOf(hostnames.map(quoted))}`;
}

/** What a grant lets through to the network. */
export function grantedTraffic(
    grant: PrivateNetworkGrant,
    networks: readonly string[],
    virtualNetworkId: string | undefined,
): string {
    const ports = [...new Set(grant.ports)].toSorted((a, b) => a - b);
    return allOf([
        trafficTo(grant.networks ?? networks, virtualNetworkId),
        ...(ports.length === 0 ? [] : [`net.dst.port in {${ports.join(" ")}}`]),
        ...origins(grant, { address: "net.src.ip", country: "net.src.geo.country" }),
    ]);
}

/** Which private host names a grant lets somebody look up. */
export function grantedLookups(grant: PrivateNetworkGrant, hostnames: readonly string[]): string {
    return allOf([lookupsOf(hostnames), ...origins(grant, { address: "dns.src_ip", country: "dns.src.geo.country" })]);
}

/** Whom a grant is for. */
export function grantedPeople({ emails = [], emailDomains = [] }: PrivateNetworkGrant): string {
    return [
        ...(emails.length === 0
            ? []
            : [`identity.email in ${setOf(emails.map((email) => quoted(email.toLowerCase())))}`]),
        ...unique(emailDomains.map((domain) => domain.toLowerCase())).map(
            (domain) => `identity.email matches ${quoted(`^[^@]+@${domain.replaceAll(".", "[.]")}$`)}`,
        ),
    ].join(" or ");
}

/**
 * What their device has to pass, beside what is asked of the person and the traffic.
 *
 * @param posture ids of posture rules, of each list of which one has to be passed.
 */
export function grantedDevices(posture: readonly (readonly string[])[]): string {
    return allOf(posture.map((anyOf) => `any(device_posture.checks.passed[*] in ${setOf(anyOf.map(quoted))})`));
}

/** Where the device comes from: its address on the Internet, and that address's country. */
function origins(
    { fromRanges = [], fromCountries = [] }: PrivateNetworkGrant,
    selector: { address: string; country: string },
): string[] {
    return [
        ...(fromRanges.length === 0 ? [] : [`${selector.address} in ${setOf(fromRanges.map(normaliseIpRange))}`]),
        ...(fromCountries.length === 0 ? [] : [`${selector.country} in ${setOf(fromCountries.map(quoted))}`]),
    ];
}

function allOf(terms: readonly string[]): string {
    return terms.join(" and ");
}

function setOf(values: readonly string[]): string {
    return `{${unique(values).join(" ")}}`;
}

function unique(values: readonly string[]): string[] {
    return [...new Set(values)].toSorted();
}

function quoted(text: string): string {
    return JSON.stringify(text);
}
