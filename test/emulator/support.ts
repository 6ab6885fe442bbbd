import Cloudflare from "cloudflare";
import { CloudflareEmulator, type EmulatorOptions } from "../../emulator/index.ts";

export const accountId = "a".repeat(32);
export const zoneId = "b".repeat(32);

/** An emulator with one account and the zone example.com, under ids that are easy to recognise. */
export function startEmulator(options: EmulatorOptions = {}): Promise<CloudflareEmulator> {
    return CloudflareEmulator.start({
        accountId,
        zones: [{ name: "example.com", id: zoneId }],
        team: "team",
        ...options,
    });
}

/** Cloudflare's own client. It never repeats a request: a test sees each answer as it came. */
export function clientOf(emulator: CloudflareEmulator): Cloudflare {
    return new Cloudflare({ baseURL: emulator.apiBaseUrl, apiToken: emulator.apiToken, maxRetries: 0 });
}

export interface Reply {
    readonly status: number;
    readonly headers: Headers;
    readonly success: boolean;
    readonly errors: readonly { code: number; message: string; source?: { pointer: string }; error_chain?: unknown }[];
    // biome-ignore lint/suspicious/noExplicitAny: what a result holds differs with each endpoint; tests say what they expect.
    readonly result: any;
    readonly result_info?: { page: number; per_page: number; count: number; total_count: number };
}

/** One request, below the base URL, without a client in between. */
export async function call(
    emulator: CloudflareEmulator,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${emulator.apiToken}` },
): Promise<Reply> {
    const response = await fetch(`${emulator.apiBaseUrl}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const envelope = (await response.json()) as Omit<Reply, "status" | "headers">;
    return { status: response.status, headers: response.headers, ...envelope };
}

/** The status and the codes of a refusal by Cloudflare's client; an answer that succeeds is a failure of the test. */
export async function refusal(attempt: PromiseLike<unknown>): Promise<{ status: number | undefined; codes: number[] }> {
    try {
        await attempt;
    } catch (error) {
        if (error instanceof Cloudflare.APIError) {
            return { status: error.status, codes: error.errors.map(({ code }) => code ?? 0) };
        }
        throw error;
    }
    throw new Error("The request was accepted.");
}

/** Everything that a client's list gives, over all its pages. */
export async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
    const items: Item[] = [];
    for await (const item of pages) {
        items.push(item);
    }
    return items;
}
