import { z } from "zod";
import { type ApiRequest, accountLevel, type Endpoint, endpoints } from "../../http/endpoint.ts";
import { defineTable } from "../../store/store.ts";
import { profileFields, refuseEmpty, splitTunnelsAfter } from "./profileSettings.ts";

const change = z.strictObject(profileFields);

/** The settings of every device without a profile of its own. The row's id is the account's. */
interface DefaultProfile extends z.infer<typeof change> {
    readonly id: string;
}

export const defaultProfiles = defineTable<DefaultProfile>("deviceDefaultProfiles");

/** The default device profile: always there, changed in parts, never deleted. */
export const deviceProfileEndpoints: readonly Endpoint[] = [
    ...endpoints(accountLevel, "GET", "/devices/policy", (request) => ({ result: shown(profileOf(request)) })),
    ...endpoints(accountLevel, "PATCH", "/devices/policy", (request) => {
        const changes = request.body(change);
        refuseEmpty(changes);
        const row = { ...profileOf(request), ...splitTunnelsAfter(changes), ...changes };
        return { result: shown(request.table(defaultProfiles).put(row)) };
    }),
];

function profileOf(request: ApiRequest): DefaultProfile {
    const { id } = request.scope;
    return request.table(defaultProfiles).get(id) ?? { id, exclude: [], include: [] };
}

function shown({ id, ...settings }: DefaultProfile): unknown {
    return { default: true, enabled: true, gateway_unique_id: id, policy_id: null, fallback_domains: [], ...settings };
}
