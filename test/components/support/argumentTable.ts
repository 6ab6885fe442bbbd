import type { AnalyzeResult, PropertyDefinition } from "@pulumi/pulumi/provider/experimental/analyzer.js";

const PLAIN: Readonly<Record<string, string>> = {
    string: "text",
    number: "number",
    integer: "number",
    boolean: "boolean",
};

/** The shapes of all arguments as the components read them at run time: `components/arguments.json`. */
export function argumentTable({ components, typeDefinitions }: AnalyzeResult): string {
    const choices = new Set(
        Object.values(typeDefinitions)
            .filter((type) => type.enum !== undefined)
            .map(({ name }) => name),
    );
    const typeOf = (property: PropertyDefinition): string => {
        if ("$ref" in property) {
            const name = String(property.$ref).split(":").at(-1) ?? "";
            return choices.has(name) ? "choice" : name;
        }
        if (property.items !== undefined) return `${typeOf(property.items)}[]`;
        if (property.additionalProperties !== undefined) return `${typeOf(property.additionalProperties)}{}`;
        const plain = PLAIN[property.type];
        if (plain === undefined) throw new Error(`No word for the type ${JSON.stringify(property)}.`);
        return plain;
    };
    const shapeOf = (properties: Record<string, PropertyDefinition>) =>
        Object.fromEntries(
            Object.entries(properties).map(([key, one]) => [one.optional ? `${key}?` : key, typeOf(one)]),
        );
    const shapes = {
        components: Object.fromEntries(Object.values(components).map(({ name, inputs }) => [name, shapeOf(inputs)])),
        types: Object.fromEntries(
            Object.values(typeDefinitions)
                .filter(({ name }) => !choices.has(name))
                .map(({ name, properties = {} }) => [name, shapeOf(properties)]),
        ),
    };
    return `${JSON.stringify(shapes, null, 2)}\n`;
}
