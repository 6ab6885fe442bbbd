import type { AccountOverview, HostnameOverview, TunnelOverview } from "../accountOverview.ts";
import type { HostnameRegistry } from "./hostnameRegistry.ts";
import { rootScope } from "./products/accounts.ts";
import { dnsRecords } from "./products/dns/dnsRecords.ts";
import { zones } from "./products/dns/zones.ts";
import { tunnels } from "./products/tunnels/tunnel.ts";
import { statusOf } from "./products/tunnels/tunnelView.ts";
import type { Store } from "./store/store.ts";
import type { TunnelRegistry } from "./tunnelRegistry.ts";

interface OverviewParts {
    readonly store: Store;
    readonly accountId: string;
    readonly tunnels: TunnelRegistry;
    readonly hostnames: HostnameRegistry;
}

/** The store's side of {@link AccountOverview}: one account's tunnels, and the records of its zones that lead to one. */
export class OverviewRegistry implements AccountOverview {
    readonly #parts: OverviewParts;

    constructor(parts: OverviewParts) {
        this.#parts = parts;
    }

    tunnels(): TunnelOverview[] {
        const { store, accountId, tunnels: live } = this.#parts;
        return store
            .table(accountId, tunnels)
            .filter(({ deleted_at }) => deleted_at === null)
            .map((tunnel) => {
                const connectors = live.clients(tunnel.id);
                return { id: tunnel.id, name: tunnel.name, status: statusOf(tunnel, connectors), connectors };
            })
            .sort((one, other) => one.name.localeCompare(other.name));
    }

    hostnames(): HostnameOverview[] {
        const { store, accountId, hostnames } = this.#parts;
        const ownZones = store.table(rootScope, zones).filter(({ account }) => account.id === accountId);
        const names = new Set(ownZones.flatMap(({ id }) => store.table(id, dnsRecords).all()).map(({ name }) => name));
        return [...names].sort().flatMap((hostname) => {
            const target = hostnames.targetOf(hostname);
            return target?.kind === "tunnel" ? [{ hostname, tunnelId: target.tunnelId }] : [];
        });
    }
}
