import { askApiForPage, type CloudflareApi } from "../cloudflareApi.ts";
import { oneLine } from "../ui/markdown.ts";
import type { Author } from "./difference.ts";

/** For so long Cloudflare keeps the log (developers.cloudflare.com/api, accounts › logs › audit, version 2): 30 days in milliseconds. */
const KEPT_MS = 30 * 86_400_000;

/** Pages of a hundred that are read before the search is given up. */
const MAX_PAGES = 50;

/** An entry of the account's audit log, as far as it is read here. */
interface AuditLog {
    readonly action?: { readonly result?: string; readonly time?: string; readonly type?: string };
    readonly actor?: {
        readonly context?: string;
        readonly email?: string;
        readonly token_name?: string;
        readonly type?: string;
    };
    readonly raw?: { readonly uri?: string; readonly user_agent?: string };
    readonly resource?: { readonly id?: string };
}

/**
 * Who changed objects of an account last, by the objects' ids. What the log does not tell is left out.
 *
 * @throws CommandError when the log cannot be read.
 */
export async function lastAuthors(
    api: CloudflareApi,
    accountId: string,
    ids: Iterable<string>,
    now = Date.now(),
): Promise<Map<string, Author>> {
    const wanted = new Set(ids);
    const authors = new Map<string, Author>();
    const query = new URLSearchParams({
        since: new Date(now - KEPT_MS).toISOString(),
        before: new Date(now).toISOString(),
    });
    for (let page = 0; page < MAX_PAGES && wanted.size > 0; page++) {
        const { result, after } = await askApiForPage<AuditLog[]>(api, `/accounts/${accountId}/logs/audit?${query}`);
        // The newest come first.
        for (const entry of result.filter(isChange)) {
            for (const id of [...wanted].filter((one) => isAbout(entry, one))) {
                authors.set(id, authorOf(entry));
                wanted.delete(id);
            }
        }
        if (after === undefined) break;
        query.set("cursor", after);
    }
    return authors;
}

function isChange({ action }: AuditLog): boolean {
    return action?.result === "success" && action.type !== "view";
}

function isAbout({ resource, raw }: AuditLog, id: string): boolean {
    return resource?.id === id || (raw?.uri?.split(/[/?]/).includes(id) ?? false);
}

const CONTEXTS: Readonly<Record<string, string>> = {
    api: "the API",
    api_key: "the API with a global key",
    api_token: "the API with a token",
    dash: "the dashboard",
    oauth: "an application (OAuth)",
    origin_ca_key: "the API with an Origin CA key",
};

/** What clients say of themselves may hold anything. */
function authorOf({ action, actor = {}, raw }: AuditLog): Author {
    const { context = "", email, token_name: token, type } = actor;
    const who = email ?? (token === undefined ? (type ?? "somebody") : `token ${token}`);
    const agent = raw?.user_agent === undefined ? "" : `, ${raw.user_agent.slice(0, 100)}`;
    const through = `${CONTEXTS[context] ?? "an unknown way"}${agent}`;
    return { who: oneLine(who), through: oneLine(through), when: action?.time ?? "" };
}
