import type { HostnameDirectory, HostnameTarget } from "../hostnameDirectory.ts";
import { Remembered } from "../remembered.ts";
import { rootScope } from "./products/accounts.ts";
import { type DnsRecord, dnsRecords } from "./products/dns/dnsRecords.ts";
import { type Zone, zones } from "./products/dns/zones.ts";
import { findLiveTunnel } from "./products/tunnels/tunnel.ts";
import { Derived } from "./store/derived.ts";
import type { Store } from "./store/store.ts";

/** Content of a record that leads to a tunnel. */
const tunnelName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.cfargotunnel\.com\.?$/i;

/** The store's side of {@link HostnameDirectory}. */
export class HostnameRegistry implements HostnameDirectory {
    readonly #store: Store;
    readonly #zonesByName: Derived<ReadonlyMap<string, Zone>>;
    readonly #targets: Derived<Remembered<string, HostnameTarget | undefined>>;

    constructor(store: Store) {
        this.#store = store;
        this.#zonesByName = new Derived(
            store,
            () =>
                new Map(
                    store
                        .table(rootScope, zones)
                        .all()
                        .map((zone) => [zone.name, zone]),
                ),
        );
        this.#targets = new Derived(store, () => new Remembered());
    }

    zoneOf(hostname: string): string | undefined {
        return this.#zone(hostname)?.name;
    }

    targetOf(hostname: string): HostnameTarget | undefined {
        return this.#targets.value.get(hostname, () => this.#lookUp(hostname));
    }

    #lookUp(hostname: string): HostnameTarget | undefined {
        const zone = this.#zone(hostname);
        if (zone === undefined) {
            return undefined;
        }
        const records = this.#store.table(zone.id, dnsRecords).all();
        const record = recordsFor(hostname, zone.name, records).find(({ proxied }) => proxied);
        if (record === undefined) {
            return undefined;
        }
        const tunnelId = record.type === "CNAME" ? tunnelName.exec(record.content)?.[1]?.toLowerCase() : undefined;
        const isOwn = tunnelId !== undefined && this.#isOwnTunnel(tunnelId, zone.account.id);
        return isOwn ? { kind: "tunnel", tunnelId } : { kind: "elsewhere", content: record.content };
    }

    /** A tunnel that is gone is still the record's own: the answer is then that nobody is connected. */
    #isOwnTunnel(tunnelId: string, accountId: string): boolean {
        const tunnel = findLiveTunnel(this.#store, tunnelId);
        return tunnel === undefined || tunnel.account_tag === accountId;
    }

    #zone(hostname: string): Zone | undefined {
        const zonesByName = this.#zonesByName.value;
        for (let name = hostname; name !== ""; name = parentOf(name)) {
            const zone = zonesByName.get(name);
            if (zone !== undefined) {
                return zone;
            }
        }
        return undefined;
    }
}

/** The records that answer for a name: its own, else those of the wildcard at its closest encloser. */
function recordsFor(hostname: string, zoneName: string, records: readonly DnsRecord[]): readonly DnsRecord[] {
    const own = records.filter(({ name }) => name === hostname);
    if (own.length > 0) {
        return own;
    }
    const exists = (name: string) =>
        name === zoneName || records.some((record) => record.name === name || record.name.endsWith(`.${name}`));
    const [, ...parents] = nameAndParents(hostname);
    // A name with others below it exists too, without records of its own, and no wildcard stands for it.
    const encloser = exists(hostname) ? undefined : parents.find(exists);
    return encloser === undefined ? [] : records.filter(({ name }) => name === `*.${encloser}`);
}

/** `b.c` of `a.b.c`; empty where nothing is above. */
function parentOf(name: string): string {
    const dot = name.indexOf(".");
    return dot < 0 ? "" : name.slice(dot + 1);
}

/** `a.b.c`, `b.c`, `c`. */
function nameAndParents(hostname: string): string[] {
    const labels = hostname.split(".");
    return labels.map((_, i) => labels.slice(i).join("."));
}
