/** Whom a port of a node lets in. */
export interface PortGuard {
    /** Name of the table is made from it. */
    name: string;
    port: number;
    /** Ranges from which it may be asked. None of them means nobody. */
    sources: readonly string[];
}

/** A port on loopback for the programs of one user. */
export interface LoopbackGuard {
    ports: readonly number[];
    /** Name or number of the user. */
    user: string;
}

/** Name of the table of nftables that a component's rules are in. */
export function tableOf(name: string): string {
    return `sallyport_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
}

/**
 * Rules for nftables that let only the given ranges reach a port, on whatever address of the node and over either version of IP. They stand before
 * Docker sends a packet for a published port to its container. Every packet is asked, those of open connections too: who is no longer named is cut off as the
 * file is put in place, which replaces the table in one step.
 */
export function guardRules({ name, port, sources }: PortGuard, loopback: LoopbackGuard | undefined): string {
    const table = tableOf(name);
    const families = [
        { set: "peers4", type: "ipv4_addr", family: "ip", ranges: sources.filter((range) => !range.includes(":")) },
        { set: "peers6", type: "ipv6_addr", family: "ip6", ranges: sources.filter((range) => range.includes(":")) },
    ].filter(({ ranges }) => ranges.length > 0);
    return [
        "#!/usr/sbin/nft -f",
        `table inet ${table}`,
        `delete table inet ${table}`,
        `table inet ${table} {`,
        ...families.flatMap(({ set, type, ranges }) => [
            `    set ${set} {`,
            `        type ${type}`,
            "        flags interval",
            "        auto-merge",
            `        elements = { ${[...new Set(ranges)].toSorted().join(", ")} }`,
            "    }",
        ]),
        ...(port === 0 ? [] : arrivals(port, families)),
        ...(loopback === undefined || loopback.ports.length === 0 ? [] : departures(loopback)),
        "}",
        "",
    ].join("\n");
}

function arrivals(port: number, families: readonly { family: string; set: string }[]): string[] {
    return [
        "    chain arrives {",
        "        type filter hook prerouting priority dstnat - 10; policy accept;",
        `        iifname != "lo" fib daddr type local tcp dport ${port} jump asked`,
        "    }",
        "    chain asked {",
        ...families.map(({ family, set }) => `        ${family} saddr @${set} return`),
        "        counter drop",
        "    }",
    ];
}

/** Loopback is everybody's on a machine: only the socket's owner tells programs apart. */
function departures({ ports, user }: LoopbackGuard): string[] {
    return [
        "    chain leaves {",
        "        type filter hook output priority filter; policy accept;",
        `        oifname "lo" tcp dport { ${ports.join(", ")} } meta skuid != { 0, ${user} } reject with tcp reset`,
        "    }",
    ];
}
