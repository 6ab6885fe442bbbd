import type * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, Provider } from "@pulumi/pulumi/provider/provider.js";
import project from "../../package.json" with { type: "json" };
import * as library from "../index.ts";
import schema from "../schema.json" with { type: "json" };
import { withPlainInputs } from "./plainInputs.ts";

type Component = new (
    name: string,
    args: pulumi.Inputs,
    opts: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource;

/** Components by their type's token, with the names of their outputs. */
const COMPONENTS: ReadonlyMap<string, { readonly component: Component; readonly outputs: readonly string[] }> = new Map(
    Object.entries(schema.resources).map(([token, { properties }]) => {
        const name = token.slice(token.lastIndexOf(":") + 1);
        return [
            token,
            { component: (library as Record<string, unknown>)[name] as Component, outputs: Object.keys(properties) },
        ];
    }),
);

/**
 * The library as a provider, which makes components for programs in any Pulumi language.
 *
 * Pulumi's own host for components reads the TypeScript sources at each start to learn what they take and give. This one has it in a file,
 * `schema.json`, that a test holds to the sources: it needs no compiler, starts at once, and works from compiled JavaScript too.
 */
export class ComponentProvider implements Provider {
    readonly version: string = project.version;

    /** The package's schema, as `pulumi package get-schema` prints it. */
    async getSchema(): Promise<string> {
        return JSON.stringify({ ...schema, version: this.version });
    }

    /**
     * Makes a component with all that is in it.
     *
     * @param type The component's token, such as `sallyport:index:NamedTunnel`.
     * @throws pulumi.InputPropertiesError with every mistake in the inputs, before anything is registered; an Error for a token that is not ours.
     */
    async construct(
        name: string,
        type: string,
        inputs: pulumi.Inputs,
        options: pulumi.ComponentResourceOptions,
    ): Promise<ConstructResult> {
        const known = COMPONENTS.get(type);
        if (known === undefined) {
            throw new Error(`${type} is not in this package. Write one of ${[...COMPONENTS.keys()].join(", ")}.`);
        }
        const made = new known.component(name, await withPlainInputs(type, inputs), options);
        const values = made as unknown as Record<string, pulumi.Input<unknown>>;
        return { urn: made.urn, state: Object.fromEntries(known.outputs.map((output) => [output, values[output]])) };
    }
}
