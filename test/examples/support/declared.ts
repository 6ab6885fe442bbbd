import { parse } from "yaml";

/** What a program says, in the schema's spelling. */
export interface Declared {
    /** `NamedTunnel edge`: components with their names. */
    readonly components: readonly string[];
    /** `TunnelIngress ingress routes.hostname`: every argument that is given, on its way through lists and objects. */
    readonly args: readonly string[];
    /** `NamedTunnel tunnelId`: outputs that are read. */
    readonly outputs: readonly string[];
}

/** Reads a Pulumi YAML program. */
export function declaredInYaml(text: string): Declared {
    const { resources, outputs } = parse(text) as {
        resources: Readonly<Record<string, { type: string; properties: object }>>;
        outputs: object;
    };
    const componentOf = (name: string) => resources[name]?.type.replace("sallyport:", "") ?? `no resource ${name}`;
    const references = [...JSON.stringify({ resources, outputs }).matchAll(/\$\{(\w+)\.(\w+)\}/g)];
    return sorted({
        components: Object.keys(resources).map((name) => `${componentOf(name)} ${name}`),
        args: Object.entries(resources).flatMap(([name, { properties }]) =>
            pathsIn(properties).map((path) => `${componentOf(name)} ${name} ${path}`),
        ),
        outputs: references.map(([, name = "", output]) => `${componentOf(name)} ${output}`),
    });
}

function pathsIn(value: unknown): string[] {
    if (Array.isArray(value)) return value.flatMap(pathsIn);
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => [key, ...pathsIn(inner).map((path) => `${key}.${path}`)]);
}

/** The marks by which the arguments of a resource are found in the text of a program. */
interface Syntax {
    /** Opens an object. */
    readonly open: RegExp;
    readonly close: RegExp;
    /** Sets an argument, which is its first group. */
    readonly set: RegExp;
    /** Reads an output: variable and output are its groups. */
    readonly get: RegExp;
}

const CSHARP: Syntax = { open: /\{/, close: /\}/, set: /(\w+)\s*=(?![=>])/, get: /\b(\w+)\.(\w+)\b/g };
const JAVA: Syntax = {
    open: /\w+Args\.builder\(\)/,
    close: /\.build\(\)/,
    set: /(?<=\n\s*)\.(\w+)\(/,
    get: /\b(\w+)\.(\w+)\(\)/g,
};

/** Reads a C# program in which each resource is one statement. */
export const declaredInCSharp = (text: string): Declared => declaredIn(text, CSHARP);

/** Reads a Java program in which each resource is one statement, and each call of a builder begins a line. */
export const declaredInJava = (text: string): Declared => declaredIn(text, JAVA);

function declaredIn(text: string, { open, close, set, get }: Syntax): Declared {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    const resources = [...code.matchAll(/(?:(\w+) = )?new (\w+)\("(\w+)"([^;]*);/g)];
    const variables = new Map(resources.map(([, variable = "", component = ""]) => [variable, component]));
    // `close` comes before `set`: in Java, it has the form of one.
    const mark = new RegExp(`(${open.source})|(${close.source})|${set.source}`, "g");
    const args = resources.flatMap(([, , component, name, body = ""]) => {
        const way: string[] = [];
        let last = "";
        return [...body.matchAll(mark)].flatMap(([, opened, closed, property]) => {
            if (opened !== undefined) way.push(last);
            if (closed !== undefined) way.pop();
            last = property === undefined ? "" : camelCase(property);
            return property === undefined
                ? []
                : [`${component} ${name} ${[...way, last].filter((step) => step !== "").join(".")}`];
        });
    });
    return sorted({
        components: resources.map(([, , component, name]) => `${component} ${name}`),
        args,
        outputs: [...code.matchAll(get)].flatMap(([, variable = "", output = ""]) => {
            const component = variables.get(variable);
            return component === undefined ? [] : [`${component} ${camelCase(output)}`];
        }),
    });
}

const camelCase = (name: string) => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

function sorted({ components, args, outputs }: Declared): Declared {
    const distinct = (texts: readonly string[]) => [...new Set(texts)].toSorted();
    return { components: distinct(components), args: distinct(args), outputs: distinct(outputs) };
}
