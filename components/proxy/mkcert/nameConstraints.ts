import ipaddr from "ipaddr.js";
import { GeneralName, GeneralSubtree, NameConstraints } from "pkijs";
import { normaliseIpRange } from "../../validation/index.ts";
import type { PermittedNames } from "./permittedNames.ts";
import { ipName, NameKind } from "./subjectNames.ts";

/** A name that cannot exist (RFC 2606), and every address: what stands for a kind of name of which nothing is permitted. */
const NO_NAME = "none.invalid";
const ALL_ADDRESSES = ["0.0.0.0/0", "::/0"];

/**
 * The extension that holds an authority to the names that it may certify (RFC 5280, section 4.2.1.10).
 *
 * A kind of name that it does not mention would be unrestricted. OpenSSL passes over an empty excluded e-mail address or URI (measured with 3.0), so
 * of these kinds the one permitted name is one that nobody has; addresses have no such thing and are excluded instead.
 */
export function nameConstraintsOf({
    dnsDomains = [],
    ipRanges = [],
    emailDomains = [],
    uriHosts = [],
}: PermittedNames): NameConstraints {
    const namesOf = (type: NameKind, values: readonly string[]) =>
        (values.length > 0 ? values : [NO_NAME]).map((value) => new GeneralName({ type, value }));
    const subtrees = (bases: readonly GeneralName[]) => bases.map((base) => new GeneralSubtree({ base }));
    const rangesOf = (ranges: readonly string[]) => ranges.map((range) => ipName(rangeBytes(normaliseIpRange(range))));
    return new NameConstraints({
        permittedSubtrees: subtrees([
            ...namesOf(NameKind.Dns, dnsDomains),
            ...namesOf(NameKind.Email, emailDomains),
            ...rangesOf(ipRanges),
            ...namesOf(NameKind.Uri, uriHosts),
        ]),
        ...(ipRanges.length > 0 ? {} : { excludedSubtrees: subtrees(rangesOf(ALL_ADDRESSES)) }),
    });
}

/** Network and mask, one after the other. */
function rangeBytes(range: string): number[] {
    const [address, bits] = ipaddr.parseCIDR(range);
    const mask =
        address.kind() === "ipv4"
            ? ipaddr.IPv4.subnetMaskFromPrefixLength(bits)
            : ipaddr.IPv6.subnetMaskFromPrefixLength(bits);
    return [...address.toByteArray(), ...mask.toByteArray()];
}
