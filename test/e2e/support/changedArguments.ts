import type { Stack } from "@pulumi/pulumi/automation/index.js";
import table from "../../../components/arguments.json" with { type: "json" };

/** Arguments of the components of a stack, by URN. */
export type ComponentArguments = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Deployment {
    resources?: { urn: string; type: string; inputs?: Record<string, unknown> }[];
}

/** What the components of a stack were given in its last update, secrets in clear. */
export async function componentArguments(stack: Stack): Promise<ComponentArguments> {
    const { resources = [] } = (await stack.exportStack()).deployment as Deployment;
    const own = resources.filter(({ type }) => type.startsWith("sallyport:index:"));
    return Object.fromEntries(own.map(({ urn, inputs = {} }) => [urn, inputs]));
}

/** Each argument that differs for at least one component, as `TcpApp.port`. */
export function changedArguments(before: ComponentArguments, after: ComponentArguments): string[] {
    const changed = Object.entries(after).flatMap(([urn, args]) => {
        const earlier = before[urn] ?? {};
        const component = urn.replace(/^.*sallyport:index:(\w+)::.*$/, "$1");
        const keys = [...new Set([...Object.keys(args), ...Object.keys(earlier)])];
        const differing = keys.filter((key) => JSON.stringify(args[key]) !== JSON.stringify(earlier[key]));
        return differing.map((key) => `${component}.${key}`);
    });
    return [...new Set(changed)].toSorted();
}

/** Each argument of each component, as `TcpApp.port`. */
export function everyArgument(): string[] {
    const components: Readonly<Record<string, object>> = table.components;
    return Object.entries(components).flatMap(([component, shape]) =>
        Object.keys(shape).map((key) => `${component}.${key.replace("?", "")}`),
    );
}
