import { askApi } from "../cloudflareApi.ts";
import { apiToken, type EmulatorDescription } from "./emulatorProcess.ts";

/** Asks the emulated API. */
export function ask<T>(
    { apiBaseUrl }: Pick<EmulatorDescription, "apiBaseUrl">,
    path: string,
    method = "GET",
): Promise<T> {
    return askApi({ baseUrl: apiBaseUrl, token: apiToken() }, path, method);
}

/** Removes everything from the emulator's account that is not among `known`, dependents first. */
export async function removeUnknownObjects(emulator: EmulatorDescription, known: ReadonlySet<string>): Promise<void> {
    const account = `/accounts/${emulator.accountId}`;
    const zones = await ask<{ id: string }[]>(emulator, "/zones?per_page=50");
    const collections = [
        ...zones.map(({ id }) => `/zones/${id}/dns_records`),
        `${account}/access/apps`,
        `${account}/access/policies`,
        `${account}/access/service_tokens`,
        `${account}/cfd_tunnel?is_deleted=false`,
    ];
    for (const collection of collections) {
        const objects = await ask<{ id: string }[]>(emulator, withPage(collection));
        for (const { id } of objects.filter((object) => !known.has(object.id))) {
            await ask(emulator, `${collection.split("?")[0]}/${id}`, "DELETE");
        }
    }
}

function withPage(path: string): string {
    return `${path}${path.includes("?") ? "&" : "?"}per_page=1000`;
}
