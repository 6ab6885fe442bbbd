import type { ApiRequest } from "../../http/endpoint.ts";
import { rootScope } from "../accounts.ts";
import { zones } from "../dns/zones.ts";

/** The scopes whose objects may refer to the account's: the account itself and its zones. */
export function ownScopes({ scope: { accountId }, services }: ApiRequest): string[] {
    const ownZones = services.store.table(rootScope, zones).filter(({ account }) => account.id === accountId);
    return [accountId, ...ownZones.map(({ id }) => id)];
}
