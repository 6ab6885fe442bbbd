import { LoginRefusedError } from "./vouched.ts";

export interface FetchLimits {
    /** 10,000 by default. */
    readonly timeoutMs?: number | undefined;
    /** 1 MiB by default. */
    readonly maximumBytes?: number | undefined;
}

/**
 * Asks a provider, or the service of an external rule, for JSON. It follows no redirect: what is sent along is for the configured address alone.
 *
 * @param what names what is asked, for the message.
 * @throws LoginRefusedError when there is no answer, or one that is not usable. It holds nothing of what was sent.
 */
export async function fetchJson(
    what: string,
    url: string,
    init: RequestInit = {},
    { timeoutMs = 10_000, maximumBytes = 1024 * 1024 }: FetchLimits = {},
): Promise<unknown> {
    let response: Response;
    let text: string;
    try {
        response = await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
        text = await limitedText(response, maximumBytes);
    } catch (cause) {
        const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
        throw new LoginRefusedError(`${what} at ${url} cannot be asked: ${reason}`, { cause });
    }
    if (!response.ok) {
        throw new LoginRefusedError(`${what} at ${url} answered ${response.status}${errorCodeIn(text)}`);
    }
    try {
        return JSON.parse(text);
    } catch (cause) {
        throw new LoginRefusedError(`${what} at ${url} answered something other than JSON`, { cause });
    }
}

async function limitedText({ body }: Response, maximumBytes: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of body ?? []) {
        length += chunk.length;
        if (length > maximumBytes) {
            throw new Error(`the answer is longer than ${maximumBytes} bytes`);
        }
        chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString("utf8");
}

/** OAuth's word for what was wrong (RFC 6749, 5.2), if there is one. */
function errorCodeIn(text: string): string {
    const code = /"error"\s*:\s*"([\w-]{1,64})"/.exec(text)?.[1];
    return code === undefined ? "" : ` (${code})`;
}
