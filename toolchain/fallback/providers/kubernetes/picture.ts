import { isObject, type Value } from "../../plugin/provider.ts";

/**
 * `live` in the shape of `model`: members that the model does not have are what the API server filled in, and are left out. Elements of a list are compared by their place;
 * one that was added or taken away shows.
 */
export function pictureOf(live: Value | undefined, model: Value): Value | undefined {
    if (isObject(model)) {
        if (!isObject(live)) return isEmpty(model) && live === undefined ? model : live;
        const members = Object.entries(model).map(([key, value]): [string, Value | undefined] => [
            key,
            // Marks of the plugin's own, which no API knows.
            key.startsWith("__") ? value : pictureOf(live[key], value),
        ]);
        return Object.fromEntries(members.filter((member): member is [string, Value] => member[1] !== undefined));
    }
    if (Array.isArray(model)) {
        if (!Array.isArray(live)) return isEmpty(model) && live === undefined ? model : live;
        return live.map((element, index) => {
            const like = model[index];
            return like === undefined ? element : (pictureOf(element, like) ?? element);
        });
    }
    return live;
}

/** The API leaves out what is empty. */
function isEmpty(model: Value): boolean {
    return Object.keys(model as object).length === 0;
}
