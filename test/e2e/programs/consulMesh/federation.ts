import type { ConsulNode, Federation } from "../../../../components/index.ts";

/** Two owners: A has the directory, B, behind NAT, the Git server that asks it. `audit` of A asks it too; `wiki` of B may ask both of those, and not the directory. */
export const FEDERATION: Federation = {
    name: "club",
    sites: [
        {
            name: "a",
            owner: "Owner of A",
            nodes: [
                { name: "a1", address: "2001:db8:a::11", relay: true },
                { name: "a2", address: "2001:db8:a::12" },
                { name: "a3", address: "2001:db8:a::13" },
            ],
        },
        {
            name: "b",
            owner: "Owner of B",
            nat: true,
            egress: ["2001:db8:b::2"],
            nodes: [{ name: "b1" }, { name: "b2" }],
        },
    ],
    services: [
        { name: "ldap", site: "a", nodes: ["a2", "a3"], port: 389 },
        { name: "audit", site: "a", nodes: ["a1"], port: 514 },
        { name: "git", site: "b", nodes: ["b1"], port: 9418 },
        { name: "wiki", site: "b", nodes: ["b2"] },
    ],
    intentions: [
        { from: "git", to: "ldap" },
        { from: "audit", to: "ldap" },
        { from: "wiki", to: "git" },
        { from: "wiki", to: "audit" },
    ],
};

/** Machines as they are reached inside their site. */
export const NODES: Readonly<Record<"a" | "b", ConsulNode[]>> = {
    a: ["a1", "a2", "a3"].map((name) => ({ name, address: `2001:db8:a::1${name.slice(1)}` })),
    b: ["b1", "b2"].map((name) => ({ name, address: `fd0b::1${name.slice(1)}` })),
};
