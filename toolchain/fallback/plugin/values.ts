/**
 * Property values as a provider sees them: plain JavaScript, with one mark for "not known yet".
 *
 * On the wire they are `google.protobuf.Struct`s in which unknowns, secrets, assets and resource references are
 * objects or strings with magic signatures (pulumi/pulumi `sdk/go/common/resource/sig/sig.go` and
 * `resource/plugin/rpc.go`). Providers are spared those: secrets are opened on the way in and sealed again on the way
 * out, in {@link sealLike}.
 */

/** What an output is during a preview when only the update can tell. */
export const UNKNOWN: unique symbol = Symbol("unknown");

export type Value = null | boolean | number | string | typeof UNKNOWN | Value[] | { [key: string]: Value };
export type PropertyMap = { [key: string]: Value };

/** A value on the wire, once the protobuf layer has been taken off. */
export type WireValue = null | boolean | number | string | WireValue[] | { [key: string]: WireValue };
export type WireMap = { [key: string]: WireValue };

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
/** One per type that the engine knows (bool, number, string, array, asset, archive, object); a provider treats all alike. */
const UNKNOWN_STRINGS = new Set([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function isObject(value: Value | WireValue | undefined): value is { [key: string]: Value } {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A wire value as the provider sees it: unknowns become {@link UNKNOWN}, secrets are opened, null members are dropped. */
export function decode(wire: WireValue): Value {
    if (typeof wire === "string") {
        return UNKNOWN_STRINGS.has(wire) ? UNKNOWN : wire;
    }
    if (Array.isArray(wire)) {
        return wire.map(decode);
    }
    if (wire === null || typeof wire !== "object") {
        return wire;
    }
    if (wire[SIGNATURE_KEY] === SECRET_SIGNATURE) {
        return decode(wire.value ?? null);
    }
    if (wire[SIGNATURE_KEY] === OUTPUT_SIGNATURE) {
        return wire.value === undefined ? UNKNOWN : decode(wire.value);
    }
    return decodeMap(wire);
}

export function decodeMap(wire: WireMap): PropertyMap {
    const map: PropertyMap = {};
    for (const [key, value] of Object.entries(wire)) {
        if (value !== null) {
            map[key] = decode(value);
        }
    }
    return map;
}

export function encode(value: Value): WireValue {
    if (value === UNKNOWN) {
        return UNKNOWN_STRING;
    }
    if (Array.isArray(value)) {
        return value.map(encode);
    }
    return isObject(value) ? encodeMap(value) : value;
}

export function encodeMap(map: PropertyMap): WireMap {
    const wire: WireMap = {};
    for (const [key, value] of Object.entries(map)) {
        if (value !== undefined) {
            wire[key] = encode(value);
        }
    }
    return wire;
}

function seal(wire: WireValue): WireValue {
    return isSealed(wire) ? wire : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value: wire };
}

function isSealed(wire: WireValue): boolean {
    return isWireObject(wire) && wire[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

function isWireObject(wire: WireValue | undefined): wire is WireMap {
    return typeof wire === "object" && wire !== null && !Array.isArray(wire);
}

function containsSecret(wire: WireValue): boolean {
    if (Array.isArray(wire)) {
        return wire.some(containsSecret);
    }
    if (!isWireObject(wire)) {
        return false;
    }
    if (wire[SIGNATURE_KEY] === OUTPUT_SIGNATURE) {
        return wire.secret === true || containsSecret(wire.value ?? null);
    }
    return isSealed(wire) || Object.values(wire).some(containsSecret);
}

/**
 * Seals in `outs` what was secret under the same key of `like`. Objects are followed member by member; an array with one
 * secret in it is sealed whole, because providers reorder arrays (the engine's own `annotateSecrets` does the same).
 */
export function sealLike(outs: WireMap, like: WireMap): WireMap {
    const sealed: WireMap = { ...outs };
    for (const [key, original] of Object.entries(like)) {
        const out = sealed[key];
        if (out === undefined || isSealed(out)) {
            continue;
        }
        if (isWireObject(out) && isWireObject(original) && !isSealed(original)) {
            sealed[key] = sealLike(out, original);
        } else if (containsSecret(original)) {
            sealed[key] = seal(out);
        }
    }
    return sealed;
}

/** Seals what the package's schema marks as secret, by paths such as `config.clientSecret`; those not there are passed over. */
export function sealPaths(outs: WireMap, paths: readonly string[]): WireMap {
    return paths.reduce((map, path) => sealPath(map, path.split(".")), outs);
}

function sealPath(map: WireMap, [key, ...rest]: readonly string[]): WireMap {
    const value = key === undefined ? undefined : map[key];
    if (key === undefined || value === undefined || value === null || isSealed(value)) {
        return map;
    }
    if (rest.length === 0) {
        return { ...map, [key]: seal(value) };
    }
    return isWireObject(value) ? { ...map, [key]: sealPath(value, rest) } : map;
}

/** True where the value, or anything inside it, is not known yet. */
export function containsUnknown(value: Value | undefined): boolean {
    if (Array.isArray(value)) {
        return value.some(containsUnknown);
    }
    return isObject(value) ? Object.values(value).some(containsUnknown) : value === UNKNOWN;
}
