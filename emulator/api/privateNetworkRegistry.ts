import type {
    Device,
    DirectoryProfile,
    GatewayRule,
    HostnameRoute,
    NetworkRoute,
    PrivateNetworkDirectory,
    VirtualNetwork,
} from "../privateNetworkDirectory.ts";
import { customProfiles } from "./products/devices/customProfiles.ts";
import { defaultProfiles } from "./products/devices/defaultProfile.ts";
import { devices, hasSecret } from "./products/devices/device.ts";
import { postureRules } from "./products/devices/postureRules.ts";
import { gatewayLists } from "./products/gateway/lists.ts";
import { gatewayRules } from "./products/gateway/rules.ts";
import { hostnameRoutes, networkRoutes, virtualNetworks } from "./products/networks/tables.ts";
import type { Row, Store, Table, TableKey } from "./store/store.ts";

/** What the edge reads of the store to lead devices into one account's private networks. */
export class PrivateNetworkRegistry implements PrivateNetworkDirectory {
    readonly #store: Store;
    readonly #accountId: string;

    constructor(store: Store, accountId: string) {
        this.#store = store;
        this.#accountId = accountId;
    }

    authenticate(name: string, secret: string): Device | undefined {
        const row = this.#table(devices).get(name);
        return row !== undefined && hasSecret(row, secret) ? row : undefined;
    }

    virtualNetworks(): VirtualNetwork[] {
        return this.#table(virtualNetworks).all();
    }

    networkRoutes(): NetworkRoute[] {
        return this.#table(networkRoutes).all();
    }

    hostnameRoutes(): HostnameRoute[] {
        return this.#table(hostnameRoutes).all();
    }

    gatewayRules(): GatewayRule[] {
        return this.#table(gatewayRules)
            .filter(({ enabled }) => enabled)
            .sort((one, other) => one.precedence - other.precedence);
    }

    deviceProfiles(): DirectoryProfile[] {
        const own = this.#table(customProfiles)
            .filter(({ enabled }) => enabled)
            .sort((one, other) => one.precedence - other.precedence);
        const standard = this.#table(defaultProfiles).get(this.#accountId);
        return [...own, { name: "default", match: undefined, ...standard }].map(
            ({ name, match, include = [], exclude = [] }) => ({ name, match, include, exclude }),
        );
    }

    postureRuleIds(): string[] {
        return this.#table(postureRules)
            .all()
            .map(({ id }) => id);
    }

    listValues(id: string): string[] | undefined {
        const list = this.#table(gatewayLists).get(id);
        return list && (list.items ?? []).map(({ value }) => value);
    }

    #table<R extends Row>(key: TableKey<R>): Table<R> {
        return this.#store.table(this.#accountId, key);
    }
}
