import { CommandError, Exit } from "./exit.ts";

/** Where Cloudflare's API is asked, and with what right. */
export interface CloudflareApi {
    readonly baseUrl: string;
    /** Bearer token; without one nothing can be asked. */
    readonly token: string | undefined;
}

const ANSWER_WITHIN_MS = 15_000;

/**
 * Asks Cloudflare's API, real or emulated; the answer is the envelope's `result`.
 *
 * @throws CommandError with the reasons that the API gives.
 */
export async function askApi<T>({ baseUrl, token }: CloudflareApi, path: string, method = "GET"): Promise<T> {
    if (token === undefined) {
        throw new CommandError(Exit.failed, "Cloudflare cannot be asked: CLOUDFLARE_API_TOKEN is not set");
    }
    const answer = await fetch(`${baseUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const envelope = (await answer.json()) as { success: boolean; result: T; errors: { message: string }[] };
    if (!envelope.success) {
        const reasons = envelope.errors.map(({ message }) => message).join("; ");
        throw new CommandError(Exit.failed, `the API refused ${method} ${path}: ${reasons}`);
    }
    return envelope.result;
}
