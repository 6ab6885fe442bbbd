import type { Row, TableKey } from "../store/store.ts";
import type { ApiError } from "./apiError.ts";
import { type Answer, type ApiRequest, type Endpoint, endpoints, type Method } from "./endpoint.ts";
import { type PageSizes, singlePage } from "./paging.ts";

/** What is particular to one kind of object; the rest of create, read, list, update and delete is the same for all. */
export interface Collection<R extends Row> {
    readonly table: TableKey<R>;
    /** Prefixes below which the collection lives. */
    readonly at: readonly string[];
    /** The collection's path below the prefix, for example `/access/groups`. */
    readonly path: string;
    /** The last part of an object's path, for example `:group_id`; its name also says what shape the id has. */
    readonly idParam: string;
    /** How Cloudflare says that there is no such object. */
    readonly notFound: (request: ApiRequest) => ApiError;
    /** Checks the body and makes the row. */
    readonly create: (request: ApiRequest) => R | { readonly row: R; readonly answer: unknown };
    /** Checks the body and makes the changed row; it keeps the id. */
    readonly update: (request: ApiRequest, current: R) => R | { readonly row: R; readonly answer: unknown };
    /** The method of an update: the API replaces with PUT in most products, and changes parts with PATCH in some. */
    readonly updateMethod?: Method;
    /** How many of them an account or zone may have, and how Cloudflare refuses one more; no end when left out. */
    readonly quota?: { readonly limit: number; readonly exceeded: (limit: number) => ApiError };
    /** Refuses a delete by throwing, and clears what depends on the object. */
    readonly beforeDelete?: (request: ApiRequest, current: R) => void;
    /** What a client sees of a row; the row itself when left out. */
    readonly present?: (row: R, request: ApiRequest) => unknown;
    /** Which rows a list shows; all of them when left out. */
    readonly list?: (request: ApiRequest, rows: R[]) => R[];
    readonly pageSizes?: PageSizes;
    /** What a delete answers; `{ id }` when left out. */
    readonly deleted?: (row: R) => unknown;
}

/** The five endpoints of a collection. */
export function collection<R extends Row>(kind: Collection<R>): Endpoint[] {
    const present = kind.present ?? ((row: R): unknown => row);
    const one = `${kind.path}/${kind.idParam}`;

    const find = (request: ApiRequest): R => {
        const row = request.table(kind.table).get(request.param(kind.idParam.slice(1)));
        if (row === undefined) {
            throw kind.notFound(request);
        }
        return row;
    };
    const store = (request: ApiRequest, made: ReturnType<Collection<R>["create"]>): Answer => {
        const { row, answer } = "row" in made ? made : { row: made, answer: undefined };
        request.table(kind.table).put(row);
        return { result: answer ?? present(row, request) };
    };

    return [
        ...endpoints(kind.at, "POST", kind.path, (request) => {
            if (kind.quota !== undefined && request.table(kind.table).all().length >= kind.quota.limit) {
                throw kind.quota.exceeded(kind.quota.limit);
            }
            return store(request, kind.create(request));
        }),
        ...endpoints(kind.at, "GET", kind.path, (request) => {
            const rows = request.table(kind.table).all();
            const shown = kind.list === undefined ? rows : kind.list(request, rows);
            return request.page(shown, kind.pageSizes ?? singlePage, (row) => present(row, request));
        }),
        ...endpoints(kind.at, "GET", one, (request) => ({ result: present(find(request), request) })),
        ...endpoints(kind.at, kind.updateMethod ?? "PUT", one, (request) =>
            store(request, kind.update(request, find(request))),
        ),
        ...endpoints(kind.at, "DELETE", one, (request) => {
            const row = find(request);
            kind.beforeDelete?.(request, row);
            request.table(kind.table).delete(row.id);
            return { result: kind.deleted === undefined ? { id: row.id } : kind.deleted(row) };
        }),
    ];
}
