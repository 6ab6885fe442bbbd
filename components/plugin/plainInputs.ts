import * as pulumi from "@pulumi/pulumi";
import schema from "../schema.json" with { type: "json" };

/** What the package's schema says of a value. */
interface ValueType {
    readonly type?: string;
    /** The value itself is never an output; what is in it may be. */
    readonly plain?: boolean;
    readonly $ref?: string;
    readonly items?: ValueType;
    readonly additionalProperties?: ValueType | boolean;
}

type Properties = Readonly<Record<string, ValueType>>;

const RESOURCES: Readonly<Record<string, { inputProperties: Properties }>> = schema.resources;
const TYPES: Readonly<Record<string, { type: string; properties?: Properties }>> = schema.types;

/** How the schema's references to its own types begin. */
const OWN_TYPE = "#/types/";

/**
 * What Pulumi keeps of an output and does not declare. Its server of providers makes the outputs among a component's inputs in the same way
 * (pulumi/pulumi `sdk/nodejs/provider/server.ts`).
 */
interface OutputInternals {
    promise(withUnknowns: boolean): Promise<unknown>;
    readonly isSecret: Promise<boolean>;
    allResources(): Promise<Set<pulumi.Resource>>;
}
type MakeOutput = new (
    resources: Set<pulumi.Resource>,
    value: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<Set<pulumi.Resource>>,
) => pulumi.Output<unknown>;

/**
 * Gives a component its inputs as TypeScript would. Java's SDK does not say which values in a list or an object are outputs: where one is,
 * the whole arrives as an output, which no plain argument can be. Here the whole is opened, and what may be an output in it becomes one, with
 * the dependencies and the secrecy of the whole: nobody knows which of its parts they came from.
 *
 * @param type the component's token.
 */
export async function withPlainInputs(type: string, inputs: pulumi.Inputs): Promise<pulumi.Inputs> {
    const properties = RESOURCES[type]?.inputProperties ?? {};
    const entries = Object.entries(inputs).map(async ([name, input]) => {
        const declared = properties[name];
        return [name, declared?.plain && pulumi.Output.isInstance(input) ? await opened(declared, input) : input];
    });
    return Object.fromEntries(await Promise.all(entries));
}

async function opened(type: ValueType, whole: pulumi.Output<unknown>): Promise<unknown> {
    const { promise, isSecret, allResources } = whole as unknown as OutputInternals;
    const resources = await allResources();
    const Output = pulumi.Output as unknown as MakeOutput;
    return plain(type, await promise(true), (value) => {
        const known = Promise.resolve(true); // Pulumi looks for unknown values itself.
        return new Output(resources, Promise.resolve(value), known, isSecret, Promise.resolve(resources));
    });
}

/** The value with outputs in it, made by `output`, wherever it is not plain, or not known in a preview. */
function plain(type: ValueType, value: unknown, output: (value: unknown) => pulumi.Output<unknown>): unknown {
    if (value === undefined || value === null) return value;
    if (!type.plain || pulumi.isUnknown(value)) return output(value);
    const { $ref = "", items, additionalProperties } = type;
    if (Array.isArray(value)) return items ? value.map((one) => plain(items, one, output)) : value;
    if (typeof value !== "object") return value;
    const properties = TYPES[$ref.replace(OWN_TYPE, "")]?.properties ?? {};
    const others = typeof additionalProperties === "object" ? additionalProperties : undefined;
    return Object.fromEntries(
        Object.entries(value).map(([key, one]) => {
            const inner = properties[key] ?? others;
            return [key, inner ? plain(inner, one, output) : one];
        }),
    );
}
