/** What the random resources share: drawn once, kept in the state, replaced by any change of their arguments. */
import {
    type CheckFailure,
    type CreateResult,
    known,
    type PropertyMap,
    type ResourceHandler,
} from "../../plugin/provider.ts";

export interface RandomResource {
    readonly computed: readonly string[];
    readonly secrets?: readonly string[];
    /** Mistakes in the arguments. */
    check(inputs: PropertyMap): readonly CheckFailure[];
    /** Draws the value. */
    create(inputs: PropertyMap): CreateResult;
    /** What an import by `id` gives, or undefined where the value cannot be told from the id. */
    import?(id: string): PropertyMap | undefined;
}

export function randomResource({
    computed,
    secrets,
    check,
    create,
    import: importById,
}: RandomResource): ResourceHandler {
    return {
        computed,
        ...(secrets && { secrets }),
        replaceOnChange: ["*"],
        check: ({ inputs }) => ({ inputs, failures: check(inputs) }),
        create: async ({ inputs }) => create(inputs),
        read: async ({ id, inputs, state, type }) => {
            if (Object.keys(state).length > 0) {
                return { id, outputs: state, inputs };
            }
            const imported = importById?.(id);
            if (imported === undefined) {
                throw new Error(`'${type}' cannot be imported from the id '${id}'`);
            }
            const imports = Object.entries(imported).filter(([key]) => !computed.includes(key) && key !== "id");
            return {
                id: typeof imported.id === "string" ? imported.id : id,
                outputs: imported,
                inputs: Object.fromEntries(imports),
            };
        },
        delete: async () => undefined,
    };
}

/** The failure for a number below its least value, or nothing. */
export function atLeast(inputs: PropertyMap, property: string, least: number): CheckFailure[] {
    const value = known(inputs[property]);
    return typeof value === "number" && value < least
        ? [{ property, reason: `'${value}' is too small; write ${least} or more` }]
        : [];
}

export function numberOf(inputs: PropertyMap, property: string, otherwise = 0): number {
    const value = inputs[property];
    return typeof value === "number" ? value : otherwise;
}

export function stringOf(inputs: PropertyMap, property: string, otherwise = ""): string {
    const value = inputs[property];
    return typeof value === "string" ? value : otherwise;
}

export function booleanOf(inputs: PropertyMap, property: string, otherwise: boolean): boolean {
    const value = inputs[property];
    return typeof value === "boolean" ? value : otherwise;
}
