import { SANDBOX } from "../../internal/sandbox.ts";
import { NFT } from "../host/units.ts";
import { CONSUL_FOLDER, CONSUL_UNIT, SECRET_FOLDER } from "./agentFiles.ts";
import { CONSUL_PORTS } from "./ports.ts";
import { GATEWAY } from "./serviceDefinitions.ts";
import type { PlannedNode } from "./sitePlan.ts";

/** What runs beside a service and speaks for it in the mesh. */
export const ConsulSidecar = {
    /** Envoy: services of other sites, and connections that end with their intention. */
    Envoy: "envoy",
    /** Consul's own proxy: nothing to install beside Consul, within one site alone. */
    BuiltIn: "built-in",
} as const;
export type ConsulSidecar = (typeof ConsulSidecar)[keyof typeof ConsulSidecar];

/** Absolute paths of programs on the machines, and how they are run. */
export interface MeshPrograms {
    consul: string;
    envoy: string;
    sidecar: ConsulSidecar;
    /** Seconds that a connection lasts after the intention that let it in is gone. */
    drainSeconds: number;
    /** Whether any Envoy will do, rather than those that this Consul was tried with. */
    anyEnvoy: boolean;
}

/** Below it a port is for programs that have the right to it. */
const FIRST_UNPRIVILEGED_PORT = 1024;

/** Names of what runs beside the agent: sidecars and gateway. */
export function proxyNames(node: PlannedNode): string[] {
    return [...node.services.map(({ name }) => name), ...(node.gatewayAddress === undefined ? [] : [GATEWAY])];
}

/** Name of the unit of a sidecar or gateway. */
export function proxyUnitName(name: string): string {
    return `${CONSUL_UNIT}-proxy-${name}`;
}

/** Folder of the tokens of sidecars and gateway, one a file. */
export const TOKEN_FOLDER = `${CONSUL_FOLDER}/token`;

/** Rules that let the site's own machines and its peers' gateways reach a gateway, and nobody else. */
export const GATEWAY_FIREWALL = `${CONSUL_FOLDER}/gateway.nft`;

/** The agent's unit. It reads whatever is in the folder of secrets: a site's servers run before there are tokens to put there. */
export function agentUnit(node: PlannedNode, { consul }: MeshPrograms): string {
    return unit({
        description: `Consul agent of ${node.name}`,
        documentation: "https://developer.hashicorp.com/consul/docs/agent",
        after: "network-online.target",
        capability: "",
        service: [
            "Type=exec",
            `ExecStart=${consul} agent -config-file=${CONSUL_FOLDER}/agent.json -config-dir=%d`,
            `LoadCredential=secret:${SECRET_FOLDER}`,
            "StateDirectory=sallyport-consul",
            "StateDirectoryMode=0700",
            "KillSignal=SIGTERM",
            "LimitNOFILE=65536",
        ],
    });
}

/** The unit of a sidecar, or of the gateway; `ports` are those at which it offers services to its own. */
export function proxyUnit(name: string, ports: readonly number[], programs: MeshPrograms): string {
    const kind = programs.sidecar === "built-in" && name !== GATEWAY ? "proxy" : "envoy";
    return unit({
        description: `Consul ${name === GATEWAY ? "mesh gateway" : `sidecar of ${name}`}`,
        documentation: "https://developer.hashicorp.com/consul/docs/connect/proxies",
        after: `${CONSUL_UNIT}.service`,
        capability: ports.some((port) => port < FIRST_UNPRIVILEGED_PORT) ? "CAP_NET_BIND_SERVICE" : "",
        service: [
            "Type=exec",
            ...(name === GATEWAY ? [`ExecStartPre=+${NFT} -f ${GATEWAY_FIREWALL}`] : []),
            `ExecStart=${[programs.consul, ...proxyArguments(kind, name, programs)].join(" ")}`,
            `LoadCredential=token:${TOKEN_FOLDER}/${name}`,
        ],
    });
}

/** Arguments of `consul` for a sidecar or the gateway; the token is in a file, and of the bootstrap nothing is written anywhere. */
export function proxyArguments(kind: "proxy" | "envoy", name: string, programs: MeshPrograms): string[] {
    const id = name === GATEWAY ? [`-proxy-id=${GATEWAY}`] : [`-sidecar-for=${name}`];
    const common = [`-http-addr=127.0.0.1:${CONSUL_PORTS.http}`, "-token-file=%d/token"];
    if (kind === "proxy") return ["connect", "proxy", ...id, ...common];
    return [
        "connect",
        "envoy",
        ...(name === GATEWAY ? ["-gateway=mesh"] : []),
        ...id,
        ...common,
        `-grpc-addr=127.0.0.1:${CONSUL_PORTS.grpc}`,
        `-envoy-binary=${programs.envoy}`,
        ...(programs.anyEnvoy ? ["-ignore-envoy-compatibility"] : []),
        "-admin-bind=127.0.0.1:0",
        "--",
        // Envoy takes no "=". Consul leaves hot restarts on where a time to drain is given; with them a machine has one Envoy.
        "--disable-hot-restart",
        "--log-level",
        "warning",
        "--drain-time-s",
        String(programs.drainSeconds),
        "--drain-strategy",
        "immediate",
    ];
}

function unit(parts: {
    description: string;
    documentation: string;
    after: string;
    capability: string;
    service: string[];
}): string {
    return [
        "[Unit]",
        `Description=${parts.description}`,
        `Documentation=${parts.documentation}`,
        `Wants=${parts.after}`,
        `After=${parts.after}`,
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        ...parts.service,
        "Restart=always",
        "RestartSec=2s",
        "",
        "# Nobody in particular, with nothing to gain.",
        "DynamicUser=yes",
        "UMask=0077",
        "NoNewPrivileges=yes",
        `CapabilityBoundingSet=${parts.capability}`,
        `AmbientCapabilities=${parts.capability}`,
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        ...SANDBOX,
        "",
        "[Install]",
        "WantedBy=multi-user.target",
        "",
    ].join("\n");
}
