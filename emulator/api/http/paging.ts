import { z } from "zod";
import { parse } from "./validation.ts";

/** `result_info` of a list answer. */
export interface PageInfo {
    readonly page: number;
    readonly per_page: number;
    readonly count: number;
    readonly total_count: number;
    readonly total_pages: number;
}

/** `result_info` of a list that is read by cursors: without one there is nothing more. */
export interface CursorInfo {
    readonly count: number;
    readonly cursors?: { readonly after: string };
}

/** How long a product's pages are when the client does not say, and at most. */
export interface PageSizes {
    readonly default: number;
    readonly max: number;
}

/** Lists that Cloudflare does not cut into pages: one page, unless the client asks for another. */
export const singlePage: PageSizes = { default: 1000, max: 1000 };

const positive = z.coerce.number().int().min(1);

/**
 * Cuts a list to the page that the query asks for. A page beyond the end is empty, not the last one again: clients
 * stop at the first empty page.
 *
 * @throws ApiError when `page` or `per_page` is not a number above zero or `per_page` is above the product's limit.
 */
export function paginate<Item>(
    items: readonly Item[],
    query: URLSearchParams,
    sizes: PageSizes,
): { items: Item[]; info: PageInfo } {
    const { page, per_page: perPage } = parse(
        z.object({ page: positive.default(1), per_page: positive.max(sizes.max).default(sizes.default) }),
        { page: query.get("page") ?? undefined, per_page: query.get("per_page") ?? undefined },
    );
    const cut = items.slice((page - 1) * perPage, page * perPage);
    return {
        items: cut,
        info: {
            page,
            per_page: perPage,
            count: cut.length,
            total_count: items.length,
            total_pages: Math.ceil(items.length / perPage),
        },
    };
}
