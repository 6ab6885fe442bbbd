import { readFileSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { z } from "zod";
import { stackFile } from "../../stacks/config/schema.ts";
import { readerPages, sitePath } from "../pages.ts";
import { type Declaration, Declarations } from "./declarations.ts";
import { docOf } from "./doc.ts";
import { code, type Page, paragraphs, table } from "./page.ts";

/** What the schema of a stack file is made of, as JSON Schema has it. */
interface Schema {
    readonly type?: string;
    readonly description?: string;
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
    readonly items?: Schema;
    readonly additionalProperties?: Schema | boolean;
    readonly enum?: readonly unknown[];
    readonly const?: unknown;
    readonly anyOf?: readonly Schema[];
    readonly oneOf?: readonly Schema[];
    readonly default?: unknown;
    readonly minimum?: number;
    readonly maximum?: number;
}

type Interface = Declaration<ts.InterfaceDeclaration>;

/**
 * The page on all keys of a stack file. What a key takes is what the schema takes that checks it; what it is for stands in the schema or at the
 * property of the environment that it becomes.
 *
 * @param root the project's folder.
 */
export function stackFilePage(root: string): Page {
    const declarations = new Declarations(root);
    const environment = declarations.interface("Environment", "stacks/config/environment.ts");
    const schema = z.toJSONSchema(stackFile, { io: "input", unrepresentable: "any" }) as Schema;
    const keys = keysOf(schema, environment, declarations);
    return {
        path: "reference/stack-file",
        title: "Stack file",
        text: paragraphs(
            "# Stack file",
            "Every key of `Pulumi.<stack>.yaml`, as the schema has it that checks the file. All mistakes in a file are told at once, each with its path.",
            ...keys.map((key) => section(key, declarations, pagesThatShow(key.name, root))),
        ),
    };
}

/** A key with what it takes. */
interface Key {
    readonly name: string;
    readonly required: boolean;
    readonly schema: Schema;
    readonly text: string;
    /** What describes the keys below it. */
    readonly below: Interface | undefined;
}

/** The keys that an object of the schema takes, described by the interface that it becomes. */
function keysOf(schema: Schema, from: Interface | undefined, declarations: Declarations): Key[] {
    const described = from === undefined ? [] : declarations.propertiesOf(from);
    return Object.entries(schema.properties ?? {}).map(([name, own]) => {
        const property = described.find((one) => one.name.getText() === name);
        const type = property?.type?.getText().match(/\b[A-Z]\w+\b/)?.[0];
        return {
            name,
            required: schema.required?.includes(name) ?? false,
            schema: own,
            text: own.description ?? (property === undefined ? "" : docOf(property, code).text),
            below: type === undefined || from === undefined ? undefined : declarations.interface(type, from.file),
        };
    });
}

/** Links to the pages of the documentation with an example of a key. */
function pagesThatShow(key: string, root: string): string[] {
    return readerPages(root).flatMap((page) => {
        const text = readFileSync(join(root, page), "utf8");
        if (!new RegExp(`^\\s*sallyport:${key}:`, "m").test(text)) return [];
        return [`[${/^# (.*)/m.exec(text)?.[1] ?? page}](/${sitePath(page)}.md)`];
    });
}

function section(key: Key, declarations: Declarations, shownIn: readonly string[]): string {
    const forms = objectsIn(key.schema);
    return paragraphs(
        `## sallyport:${key.name}`,
        `${key.text}${key.required ? " Needed." : ""}`.trim(),
        `Takes ${typeOf(key.schema)}${defaultOf(key.schema)}.`,
        ...forms.map((form) => table(["Key", "Takes", ""], rows(form, key, declarations, ""))),
        shownIn.length > 0 && `Shown in ${shownIn.join(" · ")}.`,
    );
}

/** A row for each key of an object that `parent` is or holds, and below it for those of the objects in it. */
function rows(schema: Schema, parent: Key, declarations: Declarations, path: string): string[][] {
    const below = `${path}${stepInto(parent.schema)}`.replace(/^\./, "");
    return keysOf(schema, parent.below, declarations).flatMap((key) => {
        const own = below === "" ? key.name : `${below}.${key.name}`;
        const row = [
            `${code(own)}${key.required ? "" : " *optional*"}`,
            `${typeOf(key.schema)}${defaultOf(key.schema)}`,
            key.text,
        ];
        return [row, ...objectsIn(key.schema).flatMap((one) => rows(one, key, declarations, own))];
    });
}

/** How a path goes on below a value: into a list, under a name, or straight on. */
function stepInto({ type, additionalProperties }: Schema): string {
    if (type === "array") return "[]";
    return typeof additionalProperties === "object" ? ".<name>" : "";
}

/** The objects that a value is, holds or may be. */
function objectsIn(schema: Schema): Schema[] {
    const { properties, items, additionalProperties, anyOf = [], oneOf = [] } = schema;
    const inner = [
        items,
        typeof additionalProperties === "object" ? additionalProperties : undefined,
        ...anyOf,
        ...oneOf,
    ];
    const own = properties === undefined ? [] : [schema];
    return [...own, ...inner.flatMap((one) => (one === undefined ? [] : objectsIn(one)))];
}

function typeOf(schema: Schema): string {
    const { type, items, additionalProperties, anyOf, oneOf, minimum, maximum } = schema;
    if (schema.const !== undefined) return code(String(schema.const));
    if (schema.enum !== undefined) return `one of ${schema.enum.map((one) => code(String(one))).join(", ")}`;
    const alternatives = anyOf ?? oneOf;
    if (alternatives !== undefined) return [...new Set(alternatives.map(typeOf))].join(" or ");
    if (type === "array") return `a list, each entry ${items === undefined ? "any value" : typeOf(items)}`;
    if (typeof additionalProperties === "object") return `a map by name, each entry ${typeOf(additionalProperties)}`;
    if (type === "object") return "keys";
    if (type === "integer" || type === "number") return `a number${range(minimum, maximum)}`;
    if (type === "string") return "text";
    return type === "boolean" ? "`true` or `false`" : "a value";
}

/** What zod notes of every whole number says nothing. */
function range(minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER): string {
    const from = minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : "";
    return maximum < Number.MAX_SAFE_INTEGER ? `${from} to ${maximum}` : from;
}

/** A default that says more than that there is nothing. */
function defaultOf({ default: value }: Schema): string {
    if (value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0)) return "";
    return `; ${code(String(value))} if omitted`;
}
