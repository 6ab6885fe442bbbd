/**
 * Finds what a request made whose answer was lost. The official client repeats a POST whose connection broke or that a server error
 * answered (cloudflare-go v6.10.0 `internal/requestconfig`), without an idempotency key: what the lost request made then stands twice, or the
 * repetition is refused because the name is taken. Here the object is looked for first.
 */
import { isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";
import { ApiError, type CloudflareClient } from "./client.ts";

/** When the API says that an object was made, by kind of object. */
const MADE_AT = ["created_at", "created_on", "created"];
/** Servers say the time in whole seconds, and their clocks are not quite ours. */
const TOLERANCE_MS = 5000;
/** Who stops looking leaves an object that belongs to nobody, so this goes on for longer than any other request. */
const LOOKING = { maxRetries: 20 };

export interface LostCreate {
    /** Where the create was sent. */
    readonly path: string;
    /** Where all of its kind are listed. */
    readonly listPath: string;
    readonly body: PropertyMap;
    /** There is one of it, at the path itself. */
    readonly single: boolean;
    /** Member of an object, in the API's words, that names it. */
    readonly idKey: string;
    /** What the answer alone tells: an object of which it was not heard is useless. */
    readonly toldOnce: readonly string[];
    /** When the first try began, in milliseconds since 1970. */
    readonly since: number;
}

/** Looks for lost objects; one of it serves all resources of a provider, so that no object is taken for two of them. */
export class LostAnswers {
    readonly #known = new Set<string>();

    /** Notes an object that belongs to a resource. */
    note(path: string, id: string): void {
        this.#known.add(`${path}/${id}`);
    }

    /** The object that the request made, as the API tells it; undefined where it made none, or one that had to be removed again. */
    async find(client: CloudflareClient, lost: LostCreate): Promise<Value | undefined> {
        if (lost.single) return absentAs404(client.request("GET", lost.path, undefined, LOOKING));
        for (const candidate of await list(client, lost.listPath)) {
            const id = String(candidate[lost.idKey]);
            if (this.#known.has(`${lost.path}/${id}`) || !isOf(lost, candidate)) continue;
            const item = `${lost.path}/${encodeURIComponent(id)}`;
            if (lost.toldOnce.length === 0)
                return (await absentAs404(client.request("GET", item, undefined, LOOKING))) ?? candidate;
            await absentAs404(client.request("DELETE", item, undefined, LOOKING));
        }
        return undefined;
    }
}

/** Whether an object is new and says of itself what was sent, as far as both are plain values. */
function isOf({ body, since }: LostCreate, candidate: PropertyMap): boolean {
    const madeAt = MADE_AT.map((key) => candidate[key]).find((value) => typeof value === "string");
    if (typeof madeAt === "string" && Date.parse(madeAt) < since - TOLERANCE_MS) return false;
    const common = Object.entries(body).filter(([key, value]) => isPlain(value) && isPlain(candidate[key]));
    return common.length > 0 && common.every(([key, value]) => candidate[key] === value);
}

function isPlain(value: Value | undefined): boolean {
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** Every page, until one brings nothing new: not every collection has pages. */
async function list(client: CloudflareClient, path: string): Promise<PropertyMap[]> {
    const items: PropertyMap[] = [];
    const seen = new Set<string>();
    for (let page = 1; ; page++) {
        const result = await client.request("GET", `${path}?page=${page}`, undefined, LOOKING);
        const fresh = (Array.isArray(result) ? result : []).filter(isObject).filter((one) => !seen.has(keyOf(one)));
        if (fresh.length === 0) return items;
        for (const one of fresh) seen.add(keyOf(one));
        items.push(...fresh);
    }
}

function keyOf(one: PropertyMap): string {
    return JSON.stringify(one.id ?? one.name ?? one);
}

/** Nothing there is an answer as good as any: the answer to a repeated DELETE may have been lost too. */
async function absentAs404(answer: Promise<Value>): Promise<Value | undefined> {
    try {
        return await answer;
    } catch (error) {
        if (error instanceof ApiError && error.status === 404) return undefined;
        throw error;
    }
}
