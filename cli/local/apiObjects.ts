import { askApi, type CloudflareApi } from "../cloudflareApi.ts";
import { apiToken, type EmulatorDescription } from "./emulatorProcess.ts";

/** Objects of one kind in an account. */
export interface ObjectCollection {
    /** Where they are listed, below the account. */
    readonly list: string;
    /** Where one of them is deleted, by its id; the list's own path where omitted. */
    readonly item?: string;
    /** Member that names one; `id` where omitted. */
    readonly id?: string;
    /** Member that is true of what every account has, which nobody can delete. */
    readonly builtIn?: string;
}

/** Everything of an account that a stack can make, dependents before what they depend on. DNS records, which are a zone's, come before all. */
export const ACCOUNT_COLLECTIONS: readonly ObjectCollection[] = [
    { list: "access/apps" },
    { list: "access/policies" },
    { list: "access/groups" },
    { list: "access/tags", id: "name" },
    { list: "access/certificates" },
    { list: "access/service_tokens" },
    { list: "gateway/rules" },
    { list: "gateway/lists" },
    { list: "devices/policies", item: "devices/policy", id: "policy_id" },
    { list: "devices/posture" },
    { list: "access/identity_providers" },
    { list: "infrastructure/targets" },
    { list: "teamnet/routes" },
    { list: "zerotrust/routes/hostname" },
    { list: "teamnet/virtual_networks", builtIn: "is_default_network" },
    { list: "alerting/v3/policies" },
    { list: "cfd_tunnel?is_deleted=false", item: "cfd_tunnel" },
];

/** Asks the emulated API. */
export function ask<T>(emulator: Pick<EmulatorDescription, "apiBaseUrl">, path: string, method = "GET"): Promise<T> {
    return askApi(apiOf(emulator), path, method);
}

export function apiOf({ apiBaseUrl }: Pick<EmulatorDescription, "apiBaseUrl">): CloudflareApi {
    return { baseUrl: apiBaseUrl, token: apiToken() };
}

/** Removes everything from an account that is not among `known`, dependents first. */
export async function removeUnknownObjects(
    api: CloudflareApi,
    accountId: string,
    known: ReadonlySet<string>,
): Promise<void> {
    const zones = await askApi<{ id: string }[]>(api, "/zones?per_page=50");
    for (const { id } of zones) {
        await removeUnknown(api, `/zones/${id}`, { list: "dns_records" }, known);
    }
    for (const collection of ACCOUNT_COLLECTIONS) {
        await removeUnknown(api, `/accounts/${accountId}`, collection, known);
    }
}

async function removeUnknown(
    api: CloudflareApi,
    owner: string,
    { list, item = list, id = "id", builtIn }: ObjectCollection,
    known: ReadonlySet<string>,
): Promise<void> {
    const pages = `${list}${list.includes("?") ? "&" : "?"}per_page=1000`;
    const objects = await askApi<Record<string, unknown>[]>(api, `${owner}/${pages}`);
    const unknown = objects.filter((object) => !known.has(String(object[id])) && object[builtIn ?? ""] !== true);
    for (const object of unknown) {
        await askApi(api, `${owner}/${item}/${encodeURIComponent(String(object[id]))}`, "DELETE");
    }
}
