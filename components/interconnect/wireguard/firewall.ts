import type { AddressRanges, MeshAddresses } from "./addresses.ts";
import type { Flow, MeshNode } from "./topology.ts";

export interface FirewallSettings {
    /** Name of nftables' table. */
    readonly table: string;
    readonly interfaceName: string;
    readonly ranges: AddressRanges;
    readonly addresses: ReadonlyMap<string, MeshAddresses>;
    /** UDP port at which the node is found; undefined for one that only dials. */
    readonly listenPort: number | undefined;
    /** Ranges from which its peers come; undefined where nobody can know them all. */
    readonly sources: readonly string[] | undefined;
}

/**
 * What the packet filter of a node lets into and through the mesh, replaced as a whole.
 *
 * Allowed-IPs tell nodes apart and know no ports. These rules do: a packet passes if its source may use that very port, and an answer if it comes from a port that may be used.
 * The first is judged packet by packet and never by what was let through before, on the way in and on the way out, so that a connection ends with the next packet after
 * its permission, whichever side sends it.
 */
export function meshFirewall(node: MeshNode, settings: FirewallSettings): string {
    const { table, interfaceName, ranges } = settings;
    const families = ranges.ipv4 === undefined ? [SIX] : [SIX, FOUR];
    const [serves, uses, relays] = [node.serves, node.uses, node.relays].map(sorted);
    return [
        `table inet ${table}`,
        `delete table inet ${table}`,
        `table inet ${table} {`,
        ...families.flatMap((family) => [
            ...set(`serves${family.digit}`, [family.type, "inet_service"], addressed(serves, family, settings, "from")),
            ...set(`uses${family.digit}`, [family.type, "inet_service"], addressed(uses, family, settings, "to")),
            ...set(
                `relays${family.digit}`,
                [family.type, family.type, "inet_service"],
                addressed(relays, family, settings, "from", "to"),
            ),
        ]),
        "    chain input {",
        "        type filter hook input priority filter - 10; policy accept;",
        `        iifname "${interfaceName}" goto mesh`,
        "        # Addresses of the mesh are nowhere else.",
        ...families.map(({ keyword, rangeOf }) => `        iifname != "lo" ${keyword} daddr ${rangeOf(ranges)} drop`),
        ...families.map(({ keyword, rangeOf }) => `        iifname != "lo" ${keyword} saddr ${rangeOf(ranges)} drop`),
        ...listenRules(settings).map((rule) => `        ${rule}`),
        "    }",
        "    chain mesh {",
        ...families.flatMap(({ keyword, digit }) => [
            `        ${keyword} saddr . tcp dport @serves${digit} accept`,
            `        ct state established ${keyword} saddr . tcp sport @uses${digit} accept`,
        ]),
        ...REFUSE,
        "    }",
        "    chain output {",
        "        type filter hook output priority filter - 10; policy accept;",
        `        oifname "${interfaceName}" goto out`,
        "        # While the interface is down, nothing that was meant for it takes another way in clear.",
        ...families.map(({ keyword, rangeOf }) => `        oifname != "lo" ${keyword} daddr ${rangeOf(ranges)} drop`),
        "    }",
        "    chain out {",
        ...families.flatMap(({ keyword, digit }) => [
            `        ${keyword} daddr . tcp dport @uses${digit} accept`,
            `        ${keyword} daddr . tcp sport @serves${digit} accept`,
        ]),
        "        # The refusals themselves.",
        "        tcp flags & rst == rst accept",
        ...REFUSE,
        "    }",
        "    chain forward {",
        "        type filter hook forward priority filter - 10; policy accept;",
        `        iifname "${interfaceName}" goto through`,
        `        oifname "${interfaceName}" drop`,
        "    }",
        "    chain through {",
        `        oifname != "${interfaceName}" drop`,
        ...families.flatMap(({ keyword, digit }) => [
            `        ${keyword} saddr . ${keyword} daddr . tcp dport @relays${digit} accept`,
            `        ct state established ${keyword} daddr . ${keyword} saddr . tcp sport @relays${digit} accept`,
        ]),
        ...REFUSE,
        "    }",
        "}",
        "",
    ].join("\n");
}

/** Messages about a connection that is let through pass with it; whoever asks for something else is told so at once. */
const REFUSE = [
    "        ct state related meta l4proto { icmp, ipv6-icmp } accept",
    "        meta l4proto tcp reject with tcp reset",
    "        reject",
];

interface Family {
    readonly digit: 4 | 6;
    readonly type: string;
    readonly keyword: string;
    addressOf(addresses: MeshAddresses | undefined): string | undefined;
    rangeOf(ranges: AddressRanges): string | undefined;
}

const SIX: Family = {
    digit: 6,
    type: "ipv6_addr",
    keyword: "ip6",
    addressOf: (addresses) => addresses?.ipv6,
    rangeOf: ({ ipv6 }) => ipv6,
};
const FOUR: Family = {
    digit: 4,
    type: "ipv4_addr",
    keyword: "ip",
    addressOf: (addresses) => addresses?.ipv4,
    rangeOf: ({ ipv4 }) => ipv4,
};

function addressed(
    flows: readonly Flow[] = [],
    family: Family,
    { addresses }: FirewallSettings,
    ...ends: ("from" | "to")[]
): string[] {
    return flows.map((flow) =>
        [...ends.map((end) => family.addressOf(addresses.get(flow[end]))), flow.port].join(" . "),
    );
}

/** A set of nftables. Several flows may have the same element: one for each of a service's users. */
function set(name: string, types: readonly string[], elements: readonly string[]): string[] {
    const all = [...new Set(elements)];
    return [
        `    set ${name} {`,
        `        type ${types.join(" . ")}`,
        ...(all.length === 0 ? [] : [`        elements = { ${all.join(", ")} }`]),
        "    }",
    ];
}

/** Where all peers come from known places, nobody else gets an answer out of the port; WireGuard itself gives none to whoever has no key. */
function listenRules({ listenPort, sources }: FirewallSettings): string[] {
    if (listenPort === undefined || sources === undefined) return [];
    const from = (keyword: string, isOne: (range: string) => boolean) => {
        const ranges = sources.filter(isOne);
        const others = ranges.length === 0 ? "" : ` ${keyword} saddr != { ${ranges.join(", ")} }`;
        return `meta nfproto ${keyword === "ip" ? "ipv4" : "ipv6"} udp dport ${listenPort}${others} drop`;
    };
    return [from("ip6", (range) => range.includes(":")), from("ip", (range) => !range.includes(":"))];
}

/** The order of the program does not matter. */
function sorted(flows: readonly Flow[]): Flow[] {
    const keyOf = ({ from, to, port }: Flow) => `${from} ${to} ${port}`;
    return flows.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}
