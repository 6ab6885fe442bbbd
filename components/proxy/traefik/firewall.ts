import { normaliseIpRange } from "../../validation/index.ts";
import type { ProxyListener } from "./settings.ts";

/** Ports on which a listener answers. */
export function publishedPorts({ httpsPort = 443, httpPort }: ProxyListener): number[] {
    return [httpsPort, ...(httpPort === undefined ? [] : [httpPort])];
}

/**
 * Rules for nftables that drop what does not come from the ranges of a listener. Docker sends packets for a published port to the container
 * before any rule of `input` or a firewall in front of it sees them (moby/moby#22054): these stand before that.
 *
 * @param name Name of the proxy; the table is named after it, and putting it in place again replaces it.
 */
export function firewallRules(name: string, listener: ProxyListener): string {
    const table = `sallyport_${name.replaceAll(/[^A-Za-z0-9]/g, "_")}`;
    const family = listener.address.includes(":") ? "ip6" : "ip";
    const ports = publishedPorts(listener).join(", ");
    const ranges = listener.allowFrom.map(normaliseIpRange).toSorted().join(", ");
    return [
        "#!/usr/sbin/nft -f",
        `table inet ${table}`,
        `delete table inet ${table}`,
        `table inet ${table} {`,
        "    chain published {",
        "        type filter hook prerouting priority dstnat - 10; policy accept;",
        `        ${family} daddr ${listener.address} tcp dport { ${ports} } ${family} saddr != { ${ranges} } drop`,
        "    }",
        "}",
        "",
    ].join("\n");
}
