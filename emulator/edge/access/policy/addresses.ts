import ipaddr from "ipaddr.js";

/** Whether an address is one, or lies in a network (`203.0.113.0/24`). What is neither contains nothing. */
export function isWithin(address: string, network: string): boolean {
    if (!ipaddr.isValid(address)) {
        return false;
    }
    // A listener for both families sees IPv4 clients as ::ffff:a.b.c.d.
    const client = ipaddr.process(address);
    if (ipaddr.isValidCIDR(network)) {
        const [base, prefix] = ipaddr.parseCIDR(network);
        return client.kind() === base.kind() && client.match(base, prefix);
    }
    return ipaddr.isValid(network) && client.toNormalizedString() === ipaddr.process(network).toNormalizedString();
}
