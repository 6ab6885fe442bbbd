/**
 * What a resource's properties are, as far as checking, comparing and defaults need it.
 *
 * The official provider is a bridged Terraform provider: whether leaving a property out is a change, whether order
 * matters and what stands for "nothing" follow from the kind of the property, not from the resource. One description per
 * resource and three small interpreters (check, compare, adopt) are enough to behave alike.
 */

/** What every kind of field has. */
interface FieldOptions {
    readonly required?: boolean;
    /** The engine fills it in: leaving it out is no change, whatever the engine has made of it. */
    readonly computed?: boolean;
    /** A change, here or below, makes a new resource. */
    readonly replaces?: boolean;
}

interface TextOptions extends FieldOptions {
    readonly default?: string;
    readonly oneOf?: readonly string[];
    /** A Go duration such as `1m30s`: compared by length, not letter by letter. */
    readonly duration?: boolean;
    /** A number with decimals, kept as text by the official provider: `0.5` and `0.50` are the same. */
    readonly decimal?: boolean;
    /** Padded base64. */
    readonly base64?: boolean;
}

interface NumberOptions extends FieldOptions {
    readonly default?: number;
    readonly minimum?: number;
}

interface FlagOptions extends FieldOptions {
    readonly default?: boolean;
}

export type TextField = TextOptions & { readonly kind: "text" };
export type NumberField = NumberOptions & { readonly kind: "number" };
export type FlagField = FlagOptions & { readonly kind: "flag" };
export type ScalarField = TextField | NumberField | FlagField;
/** In a set, order and repetition mean nothing. */
export type ItemsField = FieldOptions & { readonly kind: "list" | "set"; readonly items: Field };
/** Strings by names that the user chooses. */
export type MapField = FieldOptions & { readonly kind: "map" };
export type ObjectField = FieldOptions & { readonly kind: "object"; readonly fields: Fields };
export type Field = ScalarField | ItemsField | MapField | ObjectField;
export type Fields = Readonly<Record<string, Field>>;

export const text = (options: TextOptions = {}): TextField => ({ kind: "text", ...options });
export const integer = (options: NumberOptions = {}): NumberField => ({ kind: "number", ...options });
export const flag = (options: FlagOptions = {}): FlagField => ({ kind: "flag", ...options });
export const listOf = (items: Field, options: FieldOptions = {}): ItemsField => ({ kind: "list", items, ...options });
export const setOf = (items: Field, options: FieldOptions = {}): ItemsField => ({ kind: "set", items, ...options });
export const map = (options: FieldOptions = {}): MapField => ({ kind: "map", ...options });
export const object = (fields: Fields, options: FieldOptions = {}): ObjectField => ({
    kind: "object",
    fields,
    ...options,
});

/** Docker's labels, a set of `{ label, value }` in the official provider. */
export const labels = (options: FieldOptions = {}): ItemsField =>
    setOf(object({ label: text({ required: true }), value: text({ required: true }) }), options);

/** Names of the properties that the engine fills in when the program does not. */
export function computedNames(fields: Fields): string[] {
    return Object.keys(fields).filter((name) => fields[name]?.computed);
}
