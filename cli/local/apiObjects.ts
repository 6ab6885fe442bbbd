import { CommandError, Exit } from "../exit.ts";
import { apiToken, type EmulatorDescription } from "./emulatorProcess.ts";

/** Asks the emulated API; the answer is the envelope's `result`. */
export async function ask<T>(
    { apiBaseUrl }: Pick<EmulatorDescription, "apiBaseUrl">,
    path: string,
    method = "GET",
): Promise<T> {
    const answer = await fetch(`${apiBaseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${apiToken()}` },
        signal: AbortSignal.timeout(10_000),
    });
    const envelope = (await answer.json()) as { success: boolean; result: T; errors: { message: string }[] };
    if (!envelope.success) {
        const reason = envelope.errors.map(({ message }) => message).join("; ");
        throw new CommandError(Exit.failed, `the emulator refused ${method} ${path}: ${reason}`);
    }
    return envelope.result;
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
