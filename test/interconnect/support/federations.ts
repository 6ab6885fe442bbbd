import type { Federation } from "../../../components/interconnect/federation.ts";

/**
 * Two owners: A with public addresses, whose directory B's forge uses; B behind NAT. `ldap` may run on two nodes; `mail` of A is used by nobody of B.
 */
export function twoSites(): Federation {
    return {
        name: "commons",
        sites: [
            {
                name: "a",
                owner: "Association A",
                ipv6Prefix: "2001:db8:a::/48",
                nodes: [
                    { name: "a1", address: "2001:db8:a::1" },
                    { name: "a2", address: "2001:db8:a::2" },
                ],
            },
            { name: "b", owner: "Association B", nat: true, nodes: [{ name: "b1" }, { name: "b2" }] },
        ],
        services: [
            { name: "ldap", site: "a", nodes: ["a1", "a2"], port: 636 },
            { name: "mail", site: "a", nodes: ["a2"], port: 993 },
            { name: "forge", site: "b", nodes: ["b1"] },
            { name: "wiki", site: "b", nodes: ["b2"] },
        ],
        intentions: [{ from: "forge", to: "ldap", port: 636 }],
    };
}
