import { CommandError, Exit } from "./exit.ts";

/** Where Cloudflare's API is asked, and with what right. */
export interface CloudflareApi {
    readonly baseUrl: string;
    /** Bearer token; without one nothing can be asked. */
    readonly token: string | undefined;
}

/** The base URL of the real API. */
export const CLOUDFLARE_API = "https://api.cloudflare.com/client/v4";

const ANSWER_WITHIN_MS = 15_000;

/** Says that the API was asked and did not do it. */
export class ApiRefusal extends CommandError {
    /** HTTP status of the answer. */
    readonly status: number;

    constructor(status: number, message: string) {
        super(Exit.failed, message);
        this.status = status;
    }
}

interface Envelope<T> {
    readonly success: boolean;
    readonly result: T;
    readonly errors: readonly { readonly message: string }[];
    readonly result_info?: { readonly cursors?: { readonly after?: string } };
}

/**
 * Asks Cloudflare's API, real or emulated; the answer is the envelope's `result`.
 *
 * @throws ApiRefusal with the reasons that the API gives; CommandError when there is no answer, and nobody knows what was done.
 */
export async function askApi<T>(api: CloudflareApi, path: string, method = "GET", body?: unknown): Promise<T> {
    return (await askForEnvelope<T>(api, path, method, body)).result;
}

/** As {@link askApi}, of a list that is read by cursors: a page, and the cursor of the next one where there is more. */
export async function askApiForPage<T>(
    api: CloudflareApi,
    path: string,
): Promise<{ result: T; after: string | undefined }> {
    const { result, result_info: info } = await askForEnvelope<T>(api, path);
    return { result, after: info?.cursors?.after || undefined };
}

/** The most that collections give at once; one that gives less says so by going on. */
const PER_PAGE = 1_000;

/** As {@link askApi}, of a whole collection: page by page until one brings nothing new, since not every collection has pages. */
export async function askApiForAll<T extends { readonly [key: string]: unknown }>(
    api: CloudflareApi,
    path: string,
    idKey = "id",
): Promise<T[]> {
    const all = new Map<unknown, T>();
    for (let page = 1; ; page++) {
        const query = `${path.includes("?") ? "&" : "?"}per_page=${PER_PAGE}&page=${page}`;
        const before = all.size;
        for (const one of (await askApi<T[] | null>(api, `${path}${query}`)) ?? []) all.set(one[idKey], one);
        if (all.size === before) return [...all.values()];
    }
}

async function askForEnvelope<T>(
    { baseUrl, token }: CloudflareApi,
    path: string,
    method = "GET",
    body?: unknown,
): Promise<Pick<Envelope<T>, "result" | "result_info">> {
    if (token === undefined) {
        throw new CommandError(Exit.failed, "Cloudflare cannot be asked: CLOUDFLARE_API_TOKEN is not set");
    }
    const what = `${method} ${path}`;
    let answer: Response;
    let text: string;
    try {
        answer = await fetch(`${baseUrl}${path}`, {
            method,
            headers: {
                authorization: `Bearer ${token}`,
                ...(body === undefined ? {} : { "content-type": "application/json" }),
            },
            signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
            ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        text = await answer.text();
    } catch (error) {
        const { message, cause } = error as Error;
        const reason = cause instanceof Error ? cause.message : message;
        throw new CommandError(Exit.failed, `the API did not answer ${what}: ${reason}`, undefined, { cause: error });
    }
    const envelope = envelopeOf<T>(text);
    if (envelope?.success !== true) {
        const reasons = envelope?.errors?.map(({ message }) => message).join("; ") || `HTTP ${answer.status}`;
        throw new ApiRefusal(answer.status, `the API refused ${what}: ${reasons}`);
    }
    return envelope;
}

/** Undefined for what is no envelope: the page of a proxy, an answer that was cut off. */
function envelopeOf<T>(text: string): (Partial<Envelope<T>> & { result: T }) | undefined {
    try {
        return JSON.parse(text) as Envelope<T>;
    } catch {
        return undefined;
    }
}
