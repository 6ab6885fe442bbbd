import ipaddr from "ipaddr.js";
import { ipRangeProblem, normaliseIpRange } from "./people.ts";

/** Ranges that nobody on the Internet has: RFC 1918, RFC 6598 (shared address space) and RFC 4193 (unique local IPv6). */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];

/**
 * Parts of those that Cloudflare's own client uses: the addresses of devices, and those that Gateway hands out for private host names
 * (developers.cloudflare.com, cloudflare-one, "Reserved IP addresses" and "Connect a private hostname").
 */
const TAKEN = ["100.96.0.0/12", "100.80.0.0/16", "2606:4700:0cf1:1000::/64", "2606:4700:0cf1:4000::/64"];

/**
 * Says what is wrong with a range that is routed into a private network, or nothing. A public one would lead people's traffic to
 * somebody else's addresses into the tunnel.
 */
export function privateRangeProblem(range: string): string | undefined {
    const problem = ipRangeProblem(range);
    if (problem !== undefined) return problem;
    const quoted = JSON.stringify(range);
    if (!PRIVATE.some((outer) => contains(outer, range))) {
        return `${quoted} is not private. Write a range inside ${PRIVATE.slice(0, -1).join(", ")} or ${PRIVATE.at(-1)}.`;
    }
    const taken = TAKEN.find((other) => overlaps(other, range));
    return taken === undefined
        ? undefined
        : `${quoted} overlaps ${taken}, which Cloudflare's own client uses. Write another range.`;
}

/** For each range that shares addresses with an earlier one: its index and that of the earlier. Ranges that are none are passed over. */
export function overlappingRanges(ranges: readonly string[]): { index: number; first: number }[] {
    const valid = ranges.map((range) => ipRangeProblem(range) === undefined);
    return ranges.flatMap((range, index) => {
        const first = ranges.findIndex(
            (other, earlier) => earlier < index && valid[earlier] && valid[index] && overlaps(other, range),
        );
        return first === -1 ? [] : [{ index, first }];
    });
}

/** Whether the inner range lies in the outer one, or is it. */
export function contains(outer: string, inner: string): boolean {
    const [[outerAddress, outerPrefix], [innerAddress, innerPrefix]] = [parse(outer), parse(inner)];
    return (
        outerAddress.kind() === innerAddress.kind() &&
        innerPrefix >= outerPrefix &&
        innerAddress.match(outerAddress, outerPrefix)
    );
}

/** Two ranges of CIDR share addresses only where one contains the other. */
function overlaps(one: string, other: string): boolean {
    return contains(one, other) || contains(other, one);
}

function parse(range: string) {
    return ipaddr.parseCIDR(normaliseIpRange(range));
}
