import { askApi } from "../../cloudflareApi.ts";
import { check, type Finding } from "../finding.ts";
import type { AuditedTunnel, AuditTarget } from "../target.ts";

interface Application {
    readonly aud?: string;
    readonly policies?: readonly unknown[];
}

/** `GET …/cfd_tunnel/{id}/connections`: an entry a connector. */
export interface Connector {
    readonly id: string;
    readonly conns?: readonly { readonly is_pending_reconnect?: boolean }[];
}

/** How many connectors a tunnel's service is to have, or what stands in the way of knowing it. */
export type WantedConnectors = (tunnel: AuditedTunnel) => Promise<number | { readonly reason: string }>;

/** Whether the guards are still there, which only the account knows. */
export async function applicationChecks({ api, accountId, hostnames }: AuditTarget): Promise<Finding[]> {
    if (hostnames.length === 0) {
        return []; // nobody would wait for the answer
    }
    const applications = askApi<Application[]>(api, `/accounts/${accountId}/access/apps?per_page=1000`);
    return Promise.all(
        hostnames.map(({ hostname, path, aud }) =>
            check("access-application-exists", `${hostname}${path}`, async () => {
                const application = (await applications).find((candidate) => candidate.aud === aud);
                if (application === undefined) {
                    return { ok: false, detail: `no Access application has the audience tag ${aud}` };
                }
                const policies = application.policies?.length ?? 0;
                return { ok: policies > 0, detail: policies === 1 ? "1 policy" : `${policies} policies` };
            }),
        ),
    );
}

/** What the account tells of a tunnel itself. */
interface Tunnel {
    readonly status: string;
    /** Whether connectors take their rules from Cloudflare. */
    readonly remote_config: boolean;
}

/** Who manages the tunnels and who is connected to them, as Cloudflare tells it. */
export async function tunnelChecks(
    { api, accountId, tunnels }: AuditTarget,
    wanted: WantedConnectors,
): Promise<Finding[]> {
    const checks = await Promise.all(
        tunnels.map((tunnel) => {
            const path = `/accounts/${accountId}/cfd_tunnel/${tunnel.id}`;
            const told = askApi<Tunnel>(api, path);
            return Promise.all([
                check("tunnel-is-connected", tunnel.name, async () => {
                    const { status } = await told;
                    return { ok: status === "healthy", detail: status };
                }),
                check("tunnel-is-managed-as-declared", tunnel.name, async () => {
                    const management = (await told).remote_config ? "remote" : "local";
                    const isDeclared = management === tunnel.management;
                    return {
                        ok: isDeclared,
                        detail: isDeclared ? management : `${management}, not ${tunnel.management}`,
                    };
                }),
                check("every-replica-is-connected", tunnel.name, async () => {
                    const [connectors, replicas] = await Promise.all([
                        askApi<Connector[]>(api, `${path}/connections`),
                        wanted(tunnel),
                    ]);
                    return typeof replicas === "number" ? replicasVerdict(connectors, replicas) : replicas;
                }),
            ]);
        }),
    );
    return checks.flat();
}

/** One connector a replica: fewer leave a gap, and one too many is somebody else's with the tunnel's secret. */
export function replicasVerdict(connectors: readonly Connector[], replicas: number) {
    const connected = connectors.filter(({ conns = [] }) =>
        conns.some(({ is_pending_reconnect: pending }) => pending !== true),
    );
    return {
        ok: connected.length === replicas,
        detail: `${connected.length} connectors for ${replicas} replicas`,
        ...(connected.length > replicas
            ? {
                  remedy: "wait for an update of the connectors to end; if none is under way, somebody else runs a connector with this tunnel's credentials: rotate its secret",
              }
            : {}),
    };
}
