/** The arguments of the TLS resources: their types as JavaScript has them, and their mistakes. */
import { isIP } from "node:net";
import { type CheckFailure, isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";

export function stringOf(inputs: PropertyMap, property: string): string {
    const value = inputs[property];
    return typeof value === "string" ? value : "";
}

export function numberOf(inputs: PropertyMap, property: string, otherwise: number): number {
    const value = inputs[property];
    return typeof value === "number" ? value : otherwise;
}

export function stringsOf(inputs: PropertyMap, property: string): string[] {
    const value = inputs[property];
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function mapOf(inputs: PropertyMap, property: string): PropertyMap {
    const value = inputs[property];
    return isObject(value) ? value : {};
}

/** The failure where a known value is not among the choices. */
export function oneOf(inputs: PropertyMap, property: string, choices: readonly string[]): CheckFailure[] {
    return choice(property, inputs[property], choices);
}

export function eachOneOf(inputs: PropertyMap, property: string, choices: readonly string[]): CheckFailure[] {
    return each(inputs, property).flatMap(([path, value]) => choice(path, value, choices));
}

function choice(property: string, value: Value | undefined, choices: readonly string[]): CheckFailure[] {
    return typeof value === "string" && !choices.includes(value)
        ? [{ property, reason: `'${value}' is not offered; write one of ${choices.join(", ")}` }]
        : [];
}

export function atLeast(inputs: PropertyMap, property: string, least: number): CheckFailure[] {
    const value = inputs[property];
    return typeof value === "number" && value < least
        ? [{ property, reason: `'${value}' is too small; write ${least} or more` }]
        : [];
}

export function subjectNames(inputs: PropertyMap): CheckFailure[] {
    return [
        ...each(inputs, "ipAddresses").flatMap(([property, value]) =>
            typeof value === "string" && isIP(value) === 0
                ? [{ property, reason: `'${value}' is not an IP address; write one like 10.0.0.1 or fd00::1` }]
                : [],
        ),
        ...each(inputs, "uris").flatMap(([property, value]) =>
            typeof value === "string" && !URL.canParse(value)
                ? [{ property, reason: `'${value}' is not a URI; write one like spiffe://example.com/app` }]
                : [],
        ),
    ];
}

function each(inputs: PropertyMap, property: string): [path: string, value: Value][] {
    const values = inputs[property];
    return Array.isArray(values) ? values.map((value, index) => [`${property}[${index}]`, value]) : [];
}
