import { BlockList, isIP, isIPv6 } from "node:net";

/** An address range, taken apart. */
export interface Range {
    readonly address: string;
    readonly prefix: number;
    readonly family: "ipv4" | "ipv6";
}

/** RFC 1918, RFC 6598 and RFC 4193: what nobody on the Internet has. */
export const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"] as const;

/** A range in CIDR form, or a single address; `undefined` for anything else. */
export function rangeOf(text: string): Range | undefined {
    const [address = "", length, ...rest] = text.split("/");
    const most = isIPv6(address) ? 128 : 32;
    const prefix = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
    if (isIP(address) === 0 || rest.length > 0 || !(prefix <= most)) return undefined;
    return { address, prefix, family: most === 128 ? "ipv6" : "ipv4" };
}

/** Whether the inner range lies in the outer one, or is it. */
export function contains(outer: Range, inner: Range): boolean {
    if (outer.family !== inner.family || inner.prefix < outer.prefix) return false;
    const list = new BlockList();
    list.addSubnet(outer.address, outer.prefix, outer.family);
    return list.check(inner.address, inner.family);
}

/** Two ranges of CIDR share addresses only where one contains the other. */
export function overlaps(one: Range, other: Range): boolean {
    return contains(one, other) || contains(other, one);
}

/** Whether every address of a range is private. */
export function isPrivate(range: Range): boolean {
    return PRIVATE_RANGES.some((text) => {
        const outer = rangeOf(text);
        return outer !== undefined && contains(outer, range);
    });
}
