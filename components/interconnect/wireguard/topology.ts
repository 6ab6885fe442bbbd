import { createHash } from "node:crypto";
import type { Problem } from "../../internal/problems.ts";
import { compileIntentions, federationNodes } from "../federation/intentions.ts";
import { sourcesOf } from "../federation/sources.ts";
import type { Federation, FederationNode } from "../federation.ts";

/** What one node may do to another: use it at a port. */
export interface Flow {
    readonly from: string;
    readonly to: string;
    readonly port: number;
}

/** A node and with whom it has to do. Nodes are told by their names. */
export interface MeshNode {
    readonly node: FederationNode;
    /** Ranges from which its packets reach other sites; none where nobody can know. */
    readonly sources: readonly string[];
    /** Nodes that it has a key of, each with those whose packets come and go through it. */
    readonly peers: ReadonlyMap<string, ReadonlySet<string>>;
    /** Who may use it. */
    readonly serves: readonly Flow[];
    /** Whom it may use. */
    readonly uses: readonly Flow[];
    /** What it carries between nodes that cannot meet. */
    readonly relays: readonly Flow[];
}

/** Every node's part in the mesh, by its name. Whoever no intention names has no peer. */
export function planMesh(federation: Federation): Map<string, MeshNode> {
    const nodes = federationNodes(federation);
    const plans = new Map(nodes.map((node) => [node.name, new Plan(node, sourcesOf(federation, node))]));
    const relays = nodes.filter(({ relay }) => relay === true);
    const planOf = (name: string) => plans.get(name) ?? new Plan({ name, site: "" }, []);
    for (const { from, to, port } of flowsBetween(federation)) {
        const flow = { from: from.name, to: to.name, port };
        const [user, used] = [planOf(from.name), planOf(to.name)];
        user.uses.push(flow);
        used.serves.push(flow);
        if (canMeet(from, to)) {
            user.reach(to.name, to.name);
            used.reach(from.name, from.name);
            continue;
        }
        const relay = relayOf(from, to, relays);
        if (relay === undefined) continue;
        const carrier = planOf(relay.name);
        user.reach(relay.name, to.name);
        used.reach(relay.name, from.name);
        carrier.reach(from.name, from.name);
        carrier.reach(to.name, to.name);
        carrier.relays.push(flow);
    }
    return plans;
}

/** Pairs that an intention joins and that can neither meet nor have a relay. */
export function meetingProblems(federation: Federation): Problem[] {
    const relays = federationNodes(federation).filter(({ relay }) => relay === true);
    if (relays.length > 0) return [];
    const apart = new Set(
        flowsBetween(federation)
            .filter(({ from, to }) => !canMeet(from, to))
            .map(({ from, to }) => [from.name, to.name].toSorted().join(" and ")),
    );
    const [first] = apart;
    if (first === undefined) return [];
    const others = apart.size === 1 ? "" : ` (and ${apart.size - 1} more pairs)`;
    const reason = `has no relay, and ${first}${others} cannot meet: neither has an address. Write "relay: true" for a node that has one.`;
    return [{ path: "federation.sites", reason }];
}

/** One of two nodes at least must be where the other can find it. */
function canMeet(one: FederationNode, other: FederationNode): boolean {
    return one.address !== undefined || other.address !== undefined;
}

interface NodeFlow {
    readonly from: FederationNode;
    readonly to: FederationNode;
    readonly port: number;
}

/** What the intentions let through between nodes, once each. What stays on a node does not cross the mesh. */
function flowsBetween(federation: Federation): NodeFlow[] {
    const seen = new Set<string>();
    return compileIntentions(federation).flatMap(({ fromNodes, toNodes, port }) =>
        fromNodes.flatMap((from) =>
            toNodes
                .filter((to) => {
                    const key = `${from.name} ${to.name} ${port}`;
                    if (to.name === from.name || seen.has(key)) return false;
                    seen.add(key);
                    return true;
                })
                .map((to) => ({ from, to, port })),
        ),
    );
}

/**
 * Which relay carries a pair: one of either's own site where there is one, for it reads what passes. Among several, the one with the highest hash of pair and relay
 * (rendezvous hashing), so that another relay moves only the pairs that it takes over.
 */
function relayOf(
    one: FederationNode,
    other: FederationNode,
    relays: readonly FederationNode[],
): FederationNode | undefined {
    const own = relays.filter(({ site }) => site === one.site || site === other.site);
    const pair = [one.name, other.name].toSorted();
    const score = ({ name }: FederationNode) =>
        createHash("sha256")
            .update(JSON.stringify([...pair, name]))
            .digest("hex");
    return (own.length > 0 ? own : relays)
        .map((relay) => ({ relay, score: score(relay) }))
        .reduce<{ relay?: FederationNode; score: string }>((best, one) => (one.score > best.score ? one : best), {
            score: "",
        }).relay;
}

class Plan implements MeshNode {
    readonly node: FederationNode;
    readonly sources: readonly string[];
    readonly peers = new Map<string, Set<string>>();
    readonly serves: Flow[] = [];
    readonly uses: Flow[] = [];
    readonly relays: Flow[] = [];

    constructor(node: FederationNode, sources: readonly string[]) {
        this.node = node;
        this.sources = sources;
    }

    reach(peer: string, reached: string): void {
        const behind = this.peers.get(peer) ?? new Set();
        this.peers.set(peer, behind.add(reached));
    }
}
