/** Names of members: camelCase in a program, Go's in the API. */
import { isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";

/** Maps whose keys are the user's data. */
const VERBATIM = new Set(["meta", "Meta"]);

const IRREGULAR = new Map([
    ["accessorId", "AccessorID"],
    ["id", "ID"],
    ["peerCaPems", "PeerCAPems"],
    ["peerId", "PeerID"],
    ["secretId", "SecretID"],
]);
const IRREGULAR_FROM_WIRE = new Map([...IRREGULAR].map(([key, wire]) => [wire, key]));

export function toWire(values: PropertyMap): PropertyMap {
    return renamedMembers(values, (key) => IRREGULAR.get(key) ?? `${key.charAt(0).toUpperCase()}${key.slice(1)}`);
}

export function fromWire(values: PropertyMap): PropertyMap {
    return renamedMembers(
        values,
        (key) => IRREGULAR_FROM_WIRE.get(key) ?? `${key.charAt(0).toLowerCase()}${key.slice(1)}`,
    );
}

function renamedMembers(values: PropertyMap, rename: (key: string) => string): PropertyMap {
    const renamed = (value: Value): Value => {
        if (Array.isArray(value)) return value.map(renamed);
        return isObject(value) ? renamedMembers(value, rename) : value;
    };
    return Object.fromEntries(
        Object.entries(values).map(([key, value]) => [rename(key), VERBATIM.has(key) ? value : renamed(value)]),
    );
}
