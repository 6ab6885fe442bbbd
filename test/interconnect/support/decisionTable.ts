import { BackEnd, type TradeOff, tradeOffOf } from "../../../components/index.ts";

const NAMES: Readonly<Record<BackEnd, string>> = {
    "mutual-tls": "`MutualTlsService`",
    consul: "`ConsulMesh`",
    wireguard: "`WireGuardMesh`",
    "tunnel-link": "`TunnelLink`",
};

const ROWS: readonly [title: string, cell: (tradeOff: TradeOff) => string][] = [
    ["authorisation", ({ authorisation }) => (authorisation === "per-pair" ? "**per pair**" : "**LAN-like**")],
    ["a peer is recognised by", ({ granularity }) => granularity],
    ["inbound ports", ({ inbound }) => inbound.map(portOf).join("; ") || "none"],
    ["NAT", ({ nat }) => nat],
    ["trust", ({ trust }) => trust],
    ["cost", ({ cost }) => cost],
];

/** The documentation's table, made from what the components themselves state. */
export function decisionTable(): string {
    const all = Object.values(BackEnd);
    const lines = [
        ["", ...all.map((backEnd) => NAMES[backEnd])],
        ["---", ...all.map(() => "---")],
        ...ROWS.map(([title, cell]) => [title, ...all.map((backEnd) => cell(tradeOffOf(backEnd)))]),
    ];
    return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function portOf({ transport, port, where }: TradeOff["inbound"][number]): string {
    return `${port === 0 ? `the service's own (${transport})` : `${port}/${transport}`}: ${where}`;
}
