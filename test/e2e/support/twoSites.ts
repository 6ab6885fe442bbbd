import { randomBytes } from "node:crypto";
import { execa } from "execa";
import { stderrProgress } from "../../../cli/ui/progress.ts";
import { ensurePrograms } from "../../../toolchain/index.ts";
import { type Capture, capture } from "./sites/capture.ts";
import { NetworkNamespace } from "./sites/networkNamespace.ts";

/** A node of a site, and its own addresses. */
export interface BedNode {
    readonly machine: NetworkNamespace;
    readonly ipv4: string;
    readonly ipv6: string;
}

const NODE_NAMES = ["a1", "a2", "a3", "b1", "b2"] as const;
export type BedNodeName = (typeof NODE_NAMES)[number];

/**
 * Two sites and what lies between them, as network namespaces of this machine:
 *
 *     a1 a2 a3 ── transit ── router ── b1 b2
 *
 * The nodes of A have public addresses (RFC 3849, RFC 5737). Those of B stand behind a router that rewrites their addresses, IPv4 and
 * IPv6, and lets nothing in that was not asked for from within; each node reaches its neighbours of the site directly. Nodes filter
 * nothing by themselves.
 */
export interface TwoSites extends AsyncDisposable {
    readonly nodes: Readonly<Record<BedNodeName, BedNode>>;
    /** The Internet: everything between the sites, and between the nodes of A, crosses it. */
    readonly transit: NetworkNamespace;
    /** The router before B; its outer addresses are {@link ROUTER}. */
    readonly router: NetworkNamespace;
    /** Records what crosses the transit. */
    capture(): Promise<Capture>;
    /** The router forgets its flows and gives the next ones other ports, as at a restart. */
    rebindNat(): Promise<void>;
    /** Takes a node off the network, as if its cable were cut, or puts it back. */
    setLink(node: BedNodeName, state: "up" | "down"): Promise<void>;
}

/** The outer addresses of the router before B. */
export const ROUTER = { ipv4: "198.51.100.2", ipv6: "2001:db8:b::2" } as const;

/** Puts the test bed up. Takes root on Linux; installs what is missing on Debian or Ubuntu. */
export async function twoSites(): Promise<TwoSites> {
    const progress = stderrProgress();
    await ensurePrograms({ package: "iproute2", programs: ["ip"] }, { progress });
    await ensurePrograms({ package: "nftables", programs: ["nft"] }, { progress });
    await ensurePrograms({ package: "conntrack", programs: ["conntrack"] }, { progress });

    await using undo = new AsyncDisposableStack();
    const suffix = randomBytes(3).toString("hex");
    const create = async (name: string) => undo.use(await NetworkNamespace.create(name, suffix));
    const [transit, router, ...machines] = await Promise.all(["transit", "router", ...NODE_NAMES].map(create));
    if (transit === undefined || router === undefined) throw new Error("no namespace");
    const nodes = Object.fromEntries(
        NODE_NAMES.map((name, index) => [name, { machine: machines[index], ...addressesOf(name) }]),
    ) as Record<BedNodeName, BedNode>;

    await layCables(transit, router, nodes);
    let portsFrom = 40_000;
    await router.feed(routerRules(portsFrom), "nft", "-f", "-");

    const kept = undo.move();
    return {
        nodes,
        transit,
        router,
        capture: () => capture(transit),
        rebindNat: async () => {
            portsFrom += 1_000;
            await router.feed(routerRules(portsFrom), "nft", "-f", "-");
            await router.succeed("conntrack", "-F");
        },
        setLink: async (node, state) => {
            await nodes[node].machine.succeed("ip", "link", "set", UPLINK, state);
            if (state === "up") await addressNode(nodes[node], node);
        },
        [Symbol.asyncDispose]: () => kept.disposeAsync(),
    };
}

/** The one interface of each node. */
const UPLINK = "eth0";

function addressesOf(name: BedNodeName): { ipv4: string; ipv6: string } {
    const last = 10 + Number(name.slice(1));
    return name.startsWith("a")
        ? { ipv4: `203.0.113.${last}`, ipv6: `2001:db8:a::${last}` }
        : { ipv4: `192.168.11.${last}`, ipv6: `fd0b::${last}` };
}

/** Each site is a bridge, with its gateway's addresses on it. */
async function layCables(transit: NetworkNamespace, router: NetworkNamespace, nodes: TwoSites["nodes"]): Promise<void> {
    const machines = Object.values(nodes).map(({ machine }) => machine);
    for (const machine of [transit, router, ...machines]) {
        // Link-local addresses are used at once as well: a router without one finds no neighbour.
        await machine.feed("0", "tee", ...["all", "default"].map((of) => `/proc/sys/net/ipv6/conf/${of}/accept_dad`));
    }
    for (const machine of [transit, router]) {
        await machine.feed("1", "tee", "/proc/sys/net/ipv4/ip_forward", "/proc/sys/net/ipv6/conf/all/forwarding");
        // Snooping drops neighbour discovery until it has learnt who listens.
        await machine.succeed("ip", "link", "add", "site", "type", "bridge", "mcast_snooping", "0");
        await machine.succeed("ip", "link", "set", "site", "up");
    }
    await cable(router, "wan", transit, "to-b");
    await address(transit, "site", "203.0.113.1/24", "2001:db8:a::1/64");
    await address(transit, "to-b", "198.51.100.1/24", "2001:db8:b::1/64");
    await address(router, "wan", `${ROUTER.ipv4}/24`, `${ROUTER.ipv6}/64`);
    await address(router, "site", "192.168.11.1/24", "fd0b::1/64");
    await gateway(router, "wan", "198.51.100.1", "2001:db8:b::1");
    for (const name of NODE_NAMES) {
        const side = name.startsWith("a") ? transit : router;
        await cable(nodes[name].machine, UPLINK, side, `to-${name}`);
        await side.succeed("ip", "link", "set", `to-${name}`, "master", "site");
        await addressNode(nodes[name], name);
    }
}

/** An interface that goes down forgets its IPv6 addresses and routes. */
async function addressNode({ machine, ipv4, ipv6 }: BedNode, name: BedNodeName): Promise<void> {
    await address(machine, UPLINK, `${ipv4}/24`, `${ipv6}/64`);
    if (name.startsWith("a")) await gateway(machine, UPLINK, "203.0.113.1", "2001:db8:a::1");
    else await gateway(machine, UPLINK, "192.168.11.1", "fd0b::1");
}

async function cable(
    one: NetworkNamespace,
    oneName: string,
    other: NetworkNamespace,
    otherName: string,
): Promise<void> {
    const peer = ["type", "veth", "peer", "name", otherName, "netns", other.id];
    await execa("ip", ["link", "add", oneName, "netns", one.id, ...peer]);
    await one.succeed("ip", "link", "set", oneName, "up");
    await other.succeed("ip", "link", "set", otherName, "up");
}

/** Nobody else has these addresses, so there is no need to ask first (`nodad`). */
async function address(machine: NetworkNamespace, device: string, ipv4: string, ipv6: string): Promise<void> {
    await machine.succeed("ip", "address", "replace", ipv4, "dev", device);
    await machine.succeed("ip", "address", "replace", ipv6, "dev", device, "nodad");
}

async function gateway(machine: NetworkNamespace, device: string, ipv4: string, ipv6: string): Promise<void> {
    await machine.succeed("ip", "route", "replace", "default", "via", ipv4, "dev", device);
    await machine.succeed("ip", "-6", "route", "replace", "default", "via", ipv6, "dev", device);
}

/** Address and port translation, the ports out of a thousand from the given one on, and nothing new from outside. */
function routerRules(portsFrom: number): string {
    const ports = `:${portsFrom}-${portsFrom + 999}`;
    const translation = (family: string) => `
table ${family} nat
delete table ${family} nat
table ${family} nat {
    chain out {
        type nat hook postrouting priority srcnat; policy accept;
        oifname "wan" meta l4proto { tcp, udp } masquerade to ${ports}
        oifname "wan" masquerade
    }
}`;
    return `${translation("ip")}${translation("ip6")}
table inet filter
delete table inet filter
table inet filter {
    chain forward {
        type filter hook forward priority filter; policy accept;
        iifname "wan" ct state new,invalid drop
    }
    chain input {
        type filter hook input priority filter; policy accept;
        iifname "wan" meta l4proto { tcp, udp } ct state new,invalid drop
    }
}
`;
}
