/** What a refresh makes of the API's answer: the state, and the inputs that a program would have to give for it. */
import { isObject, type PropertyMap } from "../../plugin/provider.ts";

/** `values` with what is at the dotted path in `source`, if anything is. */
export function keepPath(values: PropertyMap, source: PropertyMap, path: string): PropertyMap {
    const [key = "", ...rest] = path.split(".");
    const kept = source[key];
    if (kept === undefined || kept === null) {
        return values;
    }
    if (rest.length === 0) {
        return { ...values, [key]: kept };
    }
    const inner = values[key];
    return isObject(kept) ? { ...values, [key]: keepPath(isObject(inner) ? inner : {}, kept, rest.join(".")) } : values;
}

/** `values` with what the newest of the sources has at each of the paths, where `values` has the object that it goes into. */
export function fillInside(values: PropertyMap, paths: readonly string[], ...sources: PropertyMap[]): PropertyMap {
    return paths
        .filter((path) => isObject(values[path.split(".")[0] ?? ""]))
        .reduce((filled, path) => sources.reduce((kept, source) => keepPath(kept, source, path), filled), values);
}
