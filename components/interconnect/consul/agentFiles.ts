import { hostPort } from "../hostPort.ts";
import { CONSUL_PORTS } from "./ports.ts";
import type { PlannedNode, SitePlan } from "./sitePlan.ts";

/** Where the agent's files are on a machine. */
export const CONSUL_FOLDER = "/etc/sallyport/consul";
export const CONSUL_UNIT = "sallyport-consul";

/** Where its secret files are: readable by root alone, who hands them over. */
export const SECRET_FOLDER = `${CONSUL_FOLDER}/secret`;

/** Where the agent finds a secret file: systemd calls those of a folder by the credential's name and theirs (`systemd.exec`, LoadCredential). */
export function handedOver(name: string): string {
    return `/run/credentials/${CONSUL_UNIT}.service/secret_${name}`;
}

/** What every machine's agent is told; nothing in it is secret. */
export function agentConfig(plan: SitePlan, node: PlannedNode): string {
    const servers = plan.nodes.filter(({ isServer }) => isServer);
    return json({
        datacenter: plan.site,
        domain: plan.domain,
        node_name: node.name,
        data_dir: "/var/lib/sallyport-consul",
        server: node.isServer,
        // Elections within two seconds rather than ten: what Consul advises in production.
        performance: { raft_multiplier: 1 },
        ...(node.isServer && { bootstrap_expect: servers.length }),
        retry_join: servers
            .filter(({ name }) => name !== node.name)
            .map(({ address }) => hostPort(address, CONSUL_PORTS.gossip)),
        retry_interval: "5s",
        // A machine that restarts is away for a moment; it has not left.
        leave_on_terminate: false,
        bind_addr: node.address,
        client_addr: "127.0.0.1",
        addresses: node.isServer ? { grpc_tls: node.address } : {},
        ports: {
            dns: CONSUL_PORTS.dns,
            http: CONSUL_PORTS.http,
            https: -1,
            grpc: CONSUL_PORTS.grpc,
            grpc_tls: node.isServer ? CONSUL_PORTS.grpcTls : -1,
            server: CONSUL_PORTS.server,
            serf_lan: CONSUL_PORTS.gossip,
            // One datacenter a site, joined by peering: no gossip between sites.
            serf_wan: -1,
        },
        // Everything is denied that no token allows; while no server answers, what was allowed before stays so.
        acl: { enabled: true, default_policy: "deny", down_policy: "extend-cache", enable_token_persistence: false },
        tls: {
            defaults: { ca_file: `${CONSUL_FOLDER}/ca.pem`, verify_outgoing: true, tls_min_version: "TLSv1_2" },
            internal_rpc: {
                verify_incoming: true,
                verify_server_hostname: true,
                cert_file: `${CONSUL_FOLDER}/agent.pem`,
                key_file: handedOver("agent-key.pem"),
            },
        },
        connect: { enabled: true },
        peering: { enabled: true },
        disable_remote_exec: true,
        disable_update_check: true,
        enable_script_checks: false,
        ui_config: { enabled: false },
        log_level: "INFO",
    });
}

/** What an agent has to keep to itself: the key of the gossip and, on servers, the first token. */
export function agentSecrets(node: PlannedNode, gossipKey: string, managementToken: string): string {
    return json({
        encrypt: gossipKey,
        ...(node.isServer && { acl: { tokens: { initial_management: managementToken } } }),
    });
}

/** Tokens that only a running cluster gives out: of the agent itself, and of whoever asks its DNS. */
export function agentTokens(agent: string, dns: string): string {
    return json({ acl: { tokens: { agent, dns } } });
}

export function json(value: object): string {
    return `${JSON.stringify(value, null, 2)}\n`;
}
