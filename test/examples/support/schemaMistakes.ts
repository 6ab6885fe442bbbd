import schema from "../../../components/schema.json" with { type: "json" };

interface Property {
    readonly type?: string;
    readonly $ref?: string;
    readonly items?: Property;
}

interface ObjectSchema {
    readonly properties: Readonly<Record<string, Property>>;
    readonly required: readonly string[];
}

interface ResourceSchema {
    readonly inputProperties: Readonly<Record<string, Property>>;
    readonly requiredInputs: readonly string[];
    readonly properties: Readonly<Record<string, Property>>;
}

const RESOURCES = schema.resources as Readonly<Record<string, ResourceSchema>>;
const TYPES = schema.types as Readonly<Record<string, Partial<ObjectSchema>>>;

/** What a YAML program gives to a component against the package's schema: unknown and missing arguments, and values of another kind. */
export function argumentMistakes(component: string, args: object): string[] {
    const resource = RESOURCES[`sallyport:index:${component}`];
    if (resource === undefined) return [`${component} is not in the package`];
    const { inputProperties: properties, requiredInputs: required } = resource;
    return objectMistakes(component, args, { properties, required });
}

/** Whether a component has an output of that name. */
export function hasOutput(component: string, output: string): boolean {
    return output in (RESOURCES[`sallyport:index:${component}`]?.properties ?? {});
}

function objectMistakes(path: string, value: object, { properties, required }: ObjectSchema): string[] {
    return [
        ...required.filter((name) => !(name in value)).map((name) => `${path}.${name} is missing`),
        ...Object.entries(value).flatMap(([name, inner]) => {
            const property = properties[name];
            return property === undefined
                ? [`${path}.${name} is unknown`]
                : valueMistakes(`${path}.${name}`, inner, property);
        }),
    ];
}

function valueMistakes(path: string, value: unknown, { type, $ref, items }: Property): string[] {
    // Whatever another resource gives: Pulumi checks it once it is there.
    if (typeof value === "string" && /^\$\{[\w.]+\}$/.test(value)) return [];
    if (items !== undefined) {
        if (!Array.isArray(value)) return [`${path} is no list`];
        return value.flatMap((element, index) => valueMistakes(`${path}[${index}]`, element, items));
    }
    const { properties, required = [] } = TYPES[$ref?.replace("#/types/", "") ?? ""] ?? {};
    if (properties !== undefined) {
        if (typeof value !== "object" || value === null) return [`${path} is no object`];
        return objectMistakes(path, value, { properties, required });
    }
    return type === undefined || typeof value === type ? [] : [`${path} is no ${type}`];
}
