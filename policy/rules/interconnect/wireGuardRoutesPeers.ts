import { type CarriedFile, carriedFiles } from "../../carriedFiles.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";

const CURE = "Write the addresses of that peer alone; those of a WireGuardMesh are.";

/** A peer whose allowed addresses are all of them may send as anybody, and is sent everything (wg(8), `AllowedIPs`). */
export const wireGuardRoutesPeers: ResourceRule = {
    name: "wireguard-routes-peers-only",
    description: "A WireGuard peer may send from its own addresses only.",
    severity: "critical",
    remediationSteps: CURE,
    type: [Token.serviceConfig, Token.container],
    judge: (resource) => carriedFiles(resource).flatMap((file) => judgeFile(file)),
};

/** A section for a peer, as `wg` and systemd-networkd write it. */
const PEER = /^\s*\[(Peer|WireGuardPeer)\]\s*$/im;
const ALLOWED = /^\s*AllowedIPs\s*=\s*([^#\n]*)/gim;

function judgeFile({ subject, text }: CarriedFile): Finding[] {
    if (!PEER.test(text)) return [];
    const ranges = [...text.matchAll(ALLOWED)].flatMap(([, list = ""]) => list.split(",").map((range) => range.trim()));
    const wide = ranges.filter((range) => /\/0+$/.test(range));
    return wide.map((range) => ({ wrong: `${subject} lets a WireGuard peer send as "${range}".`, instead: CURE }));
}
