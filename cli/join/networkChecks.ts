import { type JoinFinding, no, ok, unknown } from "./finding.ts";
import { Asker, familyOf, HEADERS, type Seen, type Target } from "./reflection.ts";
import { hasIpv6Way, mtuTowards, ownAddresses } from "./routes.ts";

/** What the federation says of this machine. */
export interface ExpectedNode {
    readonly name: string;
    readonly address: string | undefined;
    readonly isBehindNat: boolean;
}

/** A reflector that was asked on both its ports. */
export interface Asked {
    readonly target: Target;
    readonly first: Seen | undefined;
    readonly second: Seen | undefined;
}

const ASK_A_PEER =
    'Have the owner of another site run "npx sallyport join reflect", and name it with "--reflector ADDRESS:PORT".';
/** WireGuard takes 80 bytes over IPv6 (40 + 8 + 32) and IPv6 inside needs 1280. */
const OVERHEAD = 80;
const LEAST_MTU = 1280 + OVERHEAD;
const DEFAULT_MTU = 1420 + OVERHEAD;
/** Certificates and Consul's gossip forgive a few seconds. */
const CLOCK_WITHIN_MS = 5_000;

/** Asks a reflector on both its ports from one socket. */
export async function askBoth(target: Target): Promise<Asked> {
    await using asker = await Asker.open(familyOf(target.address));
    const second = { ...target, port: target.port + 1 };
    return { target, first: await asker.ask(target), second: await asker.ask(second) };
}

/** Whether the machine is on IPv6, as far as it can tell or as a peer answers. */
export async function ipv6Check(asked: readonly Asked[]): Promise<JoinFinding> {
    const id = "ipv6";
    const addresses = ownAddresses().filter((address) => familyOf(address) === "ipv6");
    if (addresses.length === 0) {
        return no(
            id,
            "no address",
            "Switch IPv6 on (net.ipv6.conf.all.disable_ipv6 = 0) and get a prefix from the provider, or a tunnel for it.",
        );
    }
    const [own] = addresses;
    if (!(await hasIpv6Way())) {
        return no(
            id,
            `${own}, and no way out of it`,
            "Give the machine a default route: see that router advertisements arrive, or write the gateway.",
        );
    }
    const peers = asked.filter(({ target }) => familyOf(target.address) === "ipv6");
    const silent = peers.find(({ first }) => first === undefined);
    if (silent !== undefined) {
        return no(
            id,
            `${own}, and ${silent.target.address} does not answer`,
            "See that UDP gets out and back over IPv6, and that the reflector runs and admits this machine.",
        );
    }
    return peers.length > 0
        ? ok(id, `${own}, and a peer answers`)
        : unknown(id, `${own}, and a default route; no peer was asked`, ASK_A_PEER);
}

/** Whether addresses are rewritten on the way, how, and whether the federation says so. */
export function natCheck(node: ExpectedNode, asked: readonly Asked[]): JoinFinding {
    const id = "nat";
    const relevant = asked.filter(
        ({ first, target }) =>
            first !== undefined && (node.address === undefined || familyOf(target.address) === familyOf(node.address)),
    );
    const [seen] = relevant;
    if (seen?.first === undefined) {
        const isOwn = node.address !== undefined && ownAddresses().includes(node.address);
        return isOwn ? ok(id, `${node.address} is the machine's own`) : unknown(id, "no peer was asked", ASK_A_PEER);
    }
    const { first, second } = seen;
    const isRewritten = !ownAddresses().includes(first.address);
    const isOneForAll = second?.port === first.port;
    const kind = isOneForAll ? "the same port for every peer" : "another port for each peer";
    const told = isRewritten ? `behind NAT, seen as ${first.address}, ${kind}` : `none, seen as ${first.address}`;
    if (node.address === undefined) {
        return isRewritten && !node.isBehindNat
            ? no(id, told, 'Write "nat: true" for the site, so that nobody tries to dial the node.')
            : ok(id, told);
    }
    return first.address === node.address
        ? ok(id, told)
        : no(
              id,
              told,
              `The federation says ${node.address}. Write the address that others see, or leave it out and write "nat: true" for the site.`,
          );
}

/** Whether the clock is right, by a peer's. */
export function clockCheck(asked: readonly Asked[]): JoinFinding {
    const id = "clock";
    const seen = asked.flatMap(({ first }) => first ?? [])[0];
    if (seen === undefined) return unknown(id, "no peer was asked", ASK_A_PEER);
    const offset = seen.now - (seen.askedAt + seen.answeredAt) / 2;
    const told = `${(Math.abs(offset) / 1000).toFixed(1)} s ${offset > 0 ? "behind" : "before"} a peer's`;
    return Math.abs(offset) <= CLOCK_WITHIN_MS
        ? ok(id, told)
        : no(
              id,
              told,
              'Run "timedatectl set-ntp true" on whichever is wrong: certificates and keys of the future are refused.',
          );
}

/** Whether packets are as large on the way as WireGuard takes them to be. */
export async function mtuCheck(asked: readonly Asked[], peers: readonly string[]): Promise<JoinFinding> {
    const id = "mtu";
    const target = asked.find(({ first }) => first !== undefined)?.target;
    const address = target?.address ?? peers[0];
    const told = address === undefined ? undefined : await mtuTowards(address);
    if (address === undefined || told === undefined) return unknown(id, "nothing leads to a peer", ASK_A_PEER);
    const carried = target === undefined ? told : await largestCarried(target, told);
    const seen = `${carried} bytes ${target === undefined ? "at the interface; the way beyond it was not tried" : "to a peer"}`;
    if (carried >= DEFAULT_MTU) return ok(id, seen);
    if (carried < LEAST_MTU) {
        return no(
            id,
            seen,
            `IPv6 inside WireGuard needs ${LEAST_MTU}. Take another way out: this one is itself a tunnel, or too narrow.`,
        );
    }
    return no(id, seen, `Write "mtu: ${carried - OVERHEAD}" for the mesh, and let routers' "packet too big" through.`);
}

/** Tries a packet as large as the interface takes. Where none arrives, a router may have said how large it may be; else smaller ones are tried. */
async function largestCarried(target: Target, mtu: number): Promise<number> {
    const family = familyOf(target.address);
    await using asker = await Asker.open(family);
    const sizes = [Math.min(mtu, DEFAULT_MTU), 1460, 1400, LEAST_MTU, 1280].filter((size) => size <= mtu);
    for (const size of sizes) {
        if (await asker.carries(target, size - HEADERS[family])) return size;
        const learnt = await mtuTowards(target.address);
        if (learnt !== undefined && learnt < size) return learnt;
    }
    return 0;
}

/** Whether a node that is to be dialled can be: its port is free, and what comes unbidden arrives. */
export async function portCheck(node: ExpectedNode, port: number, asked: readonly Asked[]): Promise<JoinFinding> {
    const id = "port";
    if (node.address === undefined) return ok(id, "none is needed: the node dials");
    const family = familyOf(node.address);
    const target = asked.find(
        ({ first, target: { address } }) => first !== undefined && familyOf(address) === family,
    )?.target;
    try {
        await using asker = await Asker.open(family, port);
        if (target === undefined) return unknown(id, `UDP ${port} is free; no peer tried it`, ASK_A_PEER);
        return (await asker.isReached(target))
            ? ok(id, `UDP ${port} is reached from outside`)
            : no(
                  id,
                  `nothing from outside arrives at UDP ${port}`,
                  `Open UDP ${port} to the federation's nodes in the machine's firewall and the provider's.`,
              );
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
        return unknown(
            id,
            `UDP ${port} is taken`,
            `See by whom with "ss -lunp": if it is not WireGuard, choose another "listenPort".`,
        );
    }
}
