/** Where the objects of a resource type are in the API, and how an import names one of them. */
import type { PropertyMap } from "../../plugin/provider.ts";
import { RESOURCES } from "./index.ts";
import { SNAKE_CASE, toWire } from "./naming.ts";
import { collectionPath, importId, itemPath } from "./paths.ts";

export type { PropertyMap } from "../../plugin/provider.ts";

/** The place of one resource type. */
export interface ApiPlace {
    /** Where all of its kind are listed, below the base URL; where the one is, of which there is only one. */
    listPath(inputs: PropertyMap): string;
    /** Where one of them is, below the base URL. */
    itemPath(inputs: PropertyMap, id: string): string;
    /** The id that `pulumi import` takes, as the official provider documents it. */
    importId(inputs: PropertyMap, id: string): string;
    /** Inputs in the API's own words, without those that are a part of the path. */
    inApiWords(inputs: PropertyMap): PropertyMap;
    /** Member of an object, in the API's words, that names it. */
    readonly idKey: string;
    /** There is one of it in its place. */
    readonly single: boolean;
}

/** The place of a type by its token; undefined for one that is not Cloudflare's, or not known here. */
export function apiPlaceOf(type: string): ApiPlace | undefined {
    const name = /^cloudflare:.*:(\w+)$/.exec(type)?.[1] ?? "";
    const resource = Object.hasOwn(RESOURCES, name) ? RESOURCES[name] : undefined;
    if (resource === undefined) return undefined;
    const naming = resource.naming ?? SNAKE_CASE;
    const { single = false } = resource;
    return {
        listPath: (inputs) => `/${collectionPath({ ...resource, path: resource.listPath ?? resource.path }, inputs)}`,
        itemPath: (inputs, id) => `/${itemPath(resource, inputs, id)}`,
        importId: (inputs, id) => importId(resource, inputs, id),
        inApiWords: (inputs) => {
            const { accountId: _, zoneId: __, ...said } = inputs;
            return toWire(said, naming) as PropertyMap;
        },
        idKey: naming.toWire(resource.id ?? "id"),
        single,
    };
}
