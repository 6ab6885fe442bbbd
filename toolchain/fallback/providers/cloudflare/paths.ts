/** Paths of requests, and ids of imports, from a table's templates. */
import type { PropertyMap } from "../../plugin/provider.ts";
import type { RestResource } from "./restResource.ts";

const PLACEHOLDER = /\{(\w+)\}/g;

/** The inputs that a path is made of; no request body has them. */
export function pathInputs({ path }: RestResource): string[] {
    const names = [...path.matchAll(PLACEHOLDER)].map(([, name]) => name ?? "");
    return ["accountId", "zoneId", ...names];
}

export function collectionPath({ path }: RestResource, values: PropertyMap): string {
    return path.replace(PLACEHOLDER, (_, name: string) => {
        if (name === "scope") {
            return scopeOf(values);
        }
        return segment(values[name], name);
    });
}

export function itemPath(resource: RestResource, values: PropertyMap, id: string): string {
    const collection = collectionPath(resource, values);
    return resource.single === true ? collection : `${collection}/${encodeURIComponent(id)}`;
}

function scopeOf({ accountId, zoneId }: PropertyMap): string {
    if (typeof accountId === "string") {
        return `accounts/${segment(accountId, "accountId")}`;
    }
    if (typeof zoneId === "string") {
        return `zones/${segment(zoneId, "zoneId")}`;
    }
    throw new Error("neither 'accountId' nor 'zoneId' is set; give one of them");
}

function segment(value: unknown, name: string): string {
    if (typeof value !== "string" || value === "") {
        throw new Error(`'${name}' is not set; it is part of the request's path`);
    }
    return encodeURIComponent(value);
}

/**
 * The inputs in an import's id, as the official provider documents them: `<account id>/<id>`, or
 * `accounts/<account id>/<id>` and `zones/<zone id>/<id>` where both are possible.
 */
export function parseImportId(resource: RestResource, id: string): { id: string; values: PropertyMap } {
    const segments = id.split("/");
    const values: PropertyMap = {};
    for (const [, name = ""] of resource.path.matchAll(PLACEHOLDER)) {
        if (name === "scope") {
            values[segments.shift() === "zones" ? "zoneId" : "accountId"] = segments.shift() ?? "";
        } else {
            values[name] = segments.shift() ?? "";
        }
    }
    const expected = resource.single === true ? 0 : 1;
    if (segments.length !== expected || Object.values(values).includes("")) {
        throw new Error(`'${id}' is not an id to import; write '${importForm(resource)}'`);
    }
    return { id: segments[0] ?? String(Object.values(values).at(-1)), values };
}

/** The id with which an import names an object: the inverse of {@link parseImportId}. */
export function importId(resource: RestResource, values: PropertyMap, id: string): string {
    const parts = [...resource.path.matchAll(PLACEHOLDER)].map(([, name = ""]) =>
        name === "scope" ? scopeOf(values) : segment(values[name], name),
    );
    return [...parts, ...(resource.single === true ? [] : [id])].join("/");
}

function importForm({ path, single }: RestResource): string {
    const parts = [...path.matchAll(PLACEHOLDER)].map(([, name]) =>
        name === "scope" ? "accounts/<accountId>" : `<${name}>`,
    );
    return [...parts, ...(single === true ? [] : ["<id>"])].join("/");
}
