import * as pulumi from "@pulumi/pulumi";
import table from "../arguments.json" with { type: "json" };
import { textProblem } from "../validation/texts.ts";
import { type Problem, Problems } from "./problems.ts";

/** Properties by name, with `?` at its end where one may be left out; each has a type such as `text`, `IngressRoute[]` or `text{}`. */
type Shape = Readonly<Record<string, string>>;

/** Of every component and of what its arguments are made of; a test holds it to the library's own TypeScript. */
const SHAPES: { components: Readonly<Record<string, Shape>>; types: Readonly<Record<string, Shape>> } = table;

/**
 * Checks that arguments have the form that TypeScript knows of: plain JavaScript and YAML arrive without a type check, and what follows reads
 * them as they are declared. Outputs are left to the engine.
 *
 * @param strangers paths below which texts of strangers stand, which the component judges one by one: one of them must not stop all. None if omitted.
 * @returns what the component goes on to check with; texts that nobody can read are in it already.
 * @throws pulumi.InputPropertiesError with every value that is missing, unknown or of another type, by its path.
 */
export function checkShape(component: string, name: string, args: object, strangers?: RegExp): Problems {
    const strange = new Problems();
    if (kindOf(args) === "a map") strange.addAll(shapeProblems("", args, SHAPES.components[component] ?? {}));
    else strange.add("args", `is ${kindOf(args)}. Write a map, which may be empty where nothing is required.`);
    strange.throwIfAny(component, name);
    return new Problems(unreadableTexts("", args).filter(({ path }) => strangers?.test(path) !== true));
}

function shapeProblems(path: string, value: object, shape: Shape): Problem[] {
    const at = (key: string) => (path === "" ? key : `${path}.${key}`);
    const known = new Set(Object.keys(shape).map((key) => key.replace("?", "")));
    const unknown = Object.keys(value).filter((key) => !known.has(key));
    return [
        ...unknown.map((key) => ({ path: at(key), reason: "is not known here. Correct its spelling or remove it." })),
        ...Object.entries(shape).flatMap(([key, type]) => {
            const property = key.replace("?", "");
            const given = (value as Record<string, unknown>)[property];
            if (given !== undefined) return typeProblems(at(property), given, type);
            const isOptional = property !== key;
            return isOptional ? [] : [{ path: at(property), reason: `is missing. Write ${kindOfType(type)}.` }];
        }),
    ];
}

function typeProblems(path: string, value: unknown, type: string): Problem[] {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return [];
    if (kindOf(value) !== kindOfType(type)) {
        return [{ path, reason: `is ${kindOf(value)}. Write ${kindOfType(type)}.` }];
    }
    const inner = type.slice(0, -2);
    if (Array.isArray(value)) return value.flatMap((one, index) => typeProblems(`${path}[${index}]`, one, inner));
    if (typeof value === "object" && value !== null) {
        return type.endsWith("{}")
            ? Object.entries(value).flatMap(([key, one]) => typeProblems(`${path}.${key}`, one, inner))
            : shapeProblems(path, value, SHAPES.types[type] ?? {});
    }
    return [];
}

/** Every text below `path` that is wrong whatever it is for. */
function unreadableTexts(path: string, value: unknown): Problem[] {
    if (pulumi.Output.isInstance(value) || value instanceof Promise) return [];
    if (Array.isArray(value)) return value.flatMap((one, index) => unreadableTexts(`${path}[${index}]`, one));
    if (typeof value === "object" && value !== null) {
        const at = (key: string) => (path === "" ? key : `${path}.${key}`);
        return Object.entries(value).flatMap(([key, one]) => unreadableTexts(at(key), one));
    }
    const reason = typeof value === "string" ? textProblem(value) : undefined;
    return reason === undefined ? [] : [{ path, reason }];
}

/** What can be told of a value without showing it: it may be a secret. */
export function kindOf(value: unknown): string {
    if (Array.isArray(value)) return "a list";
    if (value === null) return "null";
    if (Number.isNaN(value)) return "not a number";
    return KINDS[typeof value] ?? `a ${typeof value}`;
}

const KINDS: Readonly<Record<string, string>> = {
    string: "a text",
    boolean: "true or false",
    object: "a map",
    undefined: "missing",
};

/** The same of a type in the table. */
export function kindOfType(type: string): string {
    if (type.endsWith("[]")) return "a list";
    return { text: "a text", choice: "a text", number: "a number", boolean: "true or false" }[type] ?? "a map";
}
