import { addOrganization, organizations } from "./products/access/organizations.ts";
import { type Account, accounts, rootScope } from "./products/accounts.ts";
import { newZone, zones } from "./products/dns/zones.ts";
import { virtualNetworks } from "./products/networks/tables.ts";
import { addDefaultVirtualNetwork } from "./products/networks/virtualNetworks.ts";
import type { Store } from "./store/store.ts";

/** What a client finds at the start. */
export interface Furniture {
    readonly accountId: string;
    readonly zones: readonly { readonly name: string; readonly id?: string | undefined }[];
    /** The team name that was asked for; an organization that is there keeps its own when none was. */
    readonly team: string | undefined;
    readonly defaultTeam: string;
    readonly now: string;
}

/** Adds what is missing, and leaves what is there: an account, its Access organization, its default network, its zones. */
export function furnish(store: Store, { accountId, zones: wanted, team, defaultTeam, now }: Furniture): void {
    const account = store.table(rootScope, accounts).get(accountId) ?? addAccount(store, accountId, now);
    const organization = store.table(accountId, organizations).get(accountId);
    if (organization === undefined) {
        addOrganization(store, accountId, team ?? defaultTeam, now);
    } else if (team !== undefined && organization.auth_domain !== `${team}.cloudflareaccess.com`) {
        store.table(accountId, organizations).put({ ...organization, auth_domain: `${team}.cloudflareaccess.com` });
    }
    if (store.table(accountId, virtualNetworks).size === 0) {
        addDefaultVirtualNetwork(store, accountId, now);
    }
    const table = store.table(rootScope, zones);
    for (const { name, id } of wanted) {
        if (table.find((zone) => zone.name === name) === undefined) {
            table.put(newZone({ ...(id === undefined ? {} : { id }), name, account, now }));
        }
    }
}

function addAccount(store: Store, id: string, now: string): Account {
    return store.table(rootScope, accounts).put({
        id,
        name: "Sallyport emulator",
        type: "standard",
        settings: { enforce_twofactor: false },
        created_on: now,
    });
}
