import type { Federation, FederationNode } from "../../stacks/config/federation/read.ts";
import type { JoinFinding } from "./finding.ts";
import { nftablesCheck, wireguardCheck, wireguardToolsCheck } from "./kernelChecks.ts";
import { dnsCheck } from "./nameCheck.ts";
import { askBoth, clockCheck, ipv6Check, mtuCheck, natCheck, portCheck } from "./networkChecks.ts";
import type { Target } from "./reflection.ts";

/** The answer of `sallyport join check --json`, a part of the command line's contract. */
export interface JoinReport {
    /** Nothing stands in the way. What cannot be told from here is in `checks` and does not count. */
    readonly ok: boolean;
    readonly federation: string;
    readonly node: string;
    readonly checks: readonly JoinFinding[];
}

export interface JoinOptions {
    /** Reflectors of other sites. */
    readonly reflectors: readonly Target[];
    /** UDP port at which WireGuard is found on nodes with an address. */
    readonly listenPort: number;
}

/** Looks whether this machine, as a node of a federation, has what it takes to join. Nothing is changed. */
export async function checkJoin(
    federation: Federation,
    node: FederationNode,
    { reflectors, listenPort }: JoinOptions,
): Promise<JoinReport> {
    const site = federation.sites.find(({ name }) => name === node.site);
    const expected = {
        name: node.name,
        address: node.address,
        isBehindNat: site?.nat === true || node.roaming === true,
    };
    const peers = federation.sites
        .flatMap(({ nodes }) => nodes)
        .flatMap(({ name, address }) => (name === node.name || address === undefined ? [] : [address]));
    const asked = await Promise.all(reflectors.map(askBoth));
    const checks = await Promise.all([
        ipv6Check(asked),
        natCheck(expected, asked),
        portCheck(expected, listenPort, asked),
        mtuCheck(asked, peers),
        clockCheck(asked),
        dnsCheck(federation.domain ?? "consul"),
        wireguardCheck(),
        wireguardToolsCheck(),
        nftablesCheck(),
    ]);
    return {
        ok: checks.every(({ verdict }) => verdict !== "no"),
        federation: federation.name,
        node: node.name,
        checks,
    };
}
