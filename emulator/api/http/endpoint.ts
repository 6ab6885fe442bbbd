import type { z } from "zod";
import type { Services } from "../services.ts";
import type { Row, Table, TableKey } from "../store/store.ts";
import { type CursorInfo, type PageInfo, type PageSizes, paginate } from "./paging.ts";
import { type InvalidRequest, parse } from "./validation.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Whose objects a request is about: an account's, or a single zone's. */
export interface Scope {
    /** The account's or zone's id; the name of the root scope for what stands above both. */
    readonly id: string;
    /** The account itself, or the one that owns the zone. */
    readonly accountId: string;
}

/** What a handler gives back: the envelope's `result`, and its `result_info` for a list. */
export interface Answer {
    readonly result: unknown;
    readonly info?: PageInfo | CursorInfo;
    readonly messages?: readonly { readonly code: number; readonly message: string }[];
}

/** A request as a product's handler sees it: authenticated, its path matched, its body decoded. */
export class ApiRequest {
    readonly method: Method;
    /** Below the base URL, for example `/accounts/…/cfd_tunnel`. */
    readonly path: string;
    readonly query: URLSearchParams;
    readonly scope: Scope;
    readonly services: Services;
    readonly #params: Readonly<Record<string, string>>;
    readonly #body: unknown;

    constructor(parts: {
        method: Method;
        path: string;
        params: Readonly<Record<string, string>>;
        query: URLSearchParams;
        body: unknown;
        scope: Scope;
        services: Services;
    }) {
        this.method = parts.method;
        this.path = parts.path;
        this.query = parts.query;
        this.scope = parts.scope;
        this.services = parts.services;
        this.#params = parts.params;
        this.#body = parts.body;
    }

    /** A part of the path by its name in the endpoint's pattern. */
    param(name: string): string {
        const value = this.#params[name];
        if (value === undefined) {
            throw new Error(`The pattern of ${this.method} ${this.path} has no ":${name}".`);
        }
        return value;
    }

    /** The body, checked. @throws ApiError with every mistake in it. */
    body<Schema extends z.ZodType>(schema: Schema, invalid?: InvalidRequest): z.infer<Schema> {
        return parse(schema, this.#body, invalid);
    }

    /** A table of the scope that the request is about. */
    table<R extends Row>(key: TableKey<R>): Table<R> {
        return this.services.store.table(this.scope.id, key);
    }

    /** The present time in the form in which the API writes times. */
    now(): string {
        return this.services.clock().toISOString();
    }

    /** Answers a list, cut to the page that the client asked for. */
    page<Item>(items: readonly Item[], sizes: PageSizes, present: (item: Item) => unknown = (item) => item): Answer {
        const { items: cut, info } = paginate(items, this.query, sizes);
        return { result: cut.map(present), info };
    }
}

export type Handler = (request: ApiRequest) => Answer;

/** One method on one path pattern (`:name` stands for a segment). */
export interface Endpoint {
    readonly method: Method;
    readonly path: string;
    readonly handle: Handler;
}

/** The path prefixes below which a product lives. */
export const accountLevel = ["/accounts/:account_id"] as const;
export const zoneLevel = ["/zones/:zone_id"] as const;
export const accountOrZoneLevel = [...accountLevel, ...zoneLevel] as const;

/** The same method and sub-path below each of the given prefixes. */
export function endpoints(prefixes: readonly string[], method: Method, path: string, handle: Handler): Endpoint[] {
    return prefixes.map((prefix) => ({ method, path: `${prefix}${path}`, handle }));
}
