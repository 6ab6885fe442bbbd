import type { AnalyzeResult, PropertyDefinition } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema.js";
import packageJson from "../../../components/package.json" with { type: "json" };
import { PACKAGE } from "./analyzed.ts";

/** How the documentation of a secret output begins. */
const SECRET = /^Secret\b/;

/** The library as a Pulumi package: `components/schema.json`. */
export function packageSchema({ components, typeDefinitions, dependencies }: AnalyzeResult): string {
    const described = Object.fromEntries(
        Object.entries(components).map(([name, component]) => [
            name,
            {
                ...component,
                // The example that the colon leads to is not part of a schema.
                description: component.description?.replace(/:$/, "."),
                outputs: withSecrets(component.outputs),
            },
        ]),
    );
    // The version is that of the package that the plugin runs from.
    const schema = generateSchema(PACKAGE, "", packageJson.description, described, typeDefinitions, dependencies);
    // Without it, Go's SDK names input types that it does not have: those of objects that stand in plain lists alone.
    const language = { ...schema.language, go: { ...schema.language?.go, generateExtraInputTypes: true } };
    return `${JSON.stringify({ ...schema, version: undefined, language }, null, 2)}\n`;
}

/** Marks what the documentation calls secret, so that every language's SDK keeps it so. */
function withSecrets(outputs: Record<string, PropertyDefinition>): Record<string, PropertyDefinition> {
    return Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [
            name,
            SECRET.test(output.description ?? "") ? { ...output, secret: true } : output,
        ]),
    );
}
