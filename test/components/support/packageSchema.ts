import type { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema.js";
import packageJson from "../../../components/package.json" with { type: "json" };
import { PACKAGE } from "./analyzed.ts";

/**
 * The library as a Pulumi package: `components/schema.json`.
 *
 * It does not say which outputs are secret: the plugin says it with each value. SDKs for Java and C# would mark such outputs by an option that
 * their components do not have, and not compile (https://github.com/pulumi/pulumi/issues/11545).
 */
export function packageSchema({ components, typeDefinitions, dependencies }: AnalyzeResult): string {
    const described = Object.fromEntries(
        Object.entries(components).map(([name, component]) => [
            name,
            {
                ...component,
                // The example that the colon leads to is not part of a schema.
                description: component.description?.replace(/:$/, "."),
            },
        ]),
    );
    // The version is that of the package that the plugin runs from.
    const schema = generateSchema(PACKAGE, "", packageJson.description, described, typeDefinitions, dependencies);
    // Without it, Go's SDK names input types that it does not have: those of objects that stand in plain lists alone.
    const language = { ...schema.language, go: { ...schema.language?.go, generateExtraInputTypes: true } };
    return `${JSON.stringify({ ...schema, version: undefined, language }, null, 2)}\n`;
}
