import { notRoutable } from "../http/apiError.ts";
import { type Endpoint, endpoints } from "../http/endpoint.ts";
import { defineTable } from "../store/store.ts";

/** The scope of what stands above accounts: the accounts themselves, and zones, which are looked up without one. */
export const rootScope = "root";

/** A Cloudflare account. */
export interface Account {
    readonly id: string;
    readonly name: string;
    readonly type: "standard";
    readonly settings: { readonly enforce_twofactor: boolean };
    readonly created_on: string;
}

export const accounts = defineTable<Account>("accounts");

/**
 * Accounts (read only: Cloudflare makes accounts for tenants alone) and the check of the caller's own token, which
 * `wrangler`, `cloudflared` and acceptance scripts make first.
 */
export const accountEndpoints: readonly Endpoint[] = [
    ...endpoints([""], "GET", "/accounts", (request) => {
        const name = request.query.get("name");
        const found = request.services.store
            .table(rootScope, accounts)
            .filter((account) => (name ?? account.name) === account.name);
        return request.page(found, { default: 20, max: 50 });
    }),
    ...endpoints([""], "GET", "/accounts/:account_id", (request) => {
        const account = request.services.store.table(rootScope, accounts).get(request.param("account_id"));
        if (account === undefined) {
            throw notRoutable(request.path);
        }
        return { result: account };
    }),
    ...endpoints([""], "GET", "/user/tokens/verify", () => verified),
    ...endpoints([""], "GET", "/accounts/:account_id/tokens/verify", () => verified),
];

/** A request that came so far carried the right token. The id is the emulator's own; it has one token and no others. */
const verified = {
    result: { id: "e".repeat(32), status: "active" },
    messages: [{ code: 10000, message: "This API Token is valid and active" }],
};
