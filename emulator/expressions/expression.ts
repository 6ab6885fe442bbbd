/** An expression of Gateway's that cannot be read; the message says where, and what to write instead. */
export class ExpressionError extends Error {
    override readonly name = "ExpressionError";
}

/** What a field holds. A field that is not known here has no type: nothing is checked about it, and nothing is known of its value. */
export type FieldType = "ip" | "number" | "string";

/** One thing that a field is compared with. */
export type Value =
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "number"; readonly from: number; readonly to: number }
    /** An address, as a network of one. */
    | { readonly kind: "network"; readonly network: string }
    | { readonly kind: "addresses"; readonly from: string; readonly to: string }
    /** A Zero Trust list, by its id. */
    | { readonly kind: "list"; readonly id: string };

/** What is said of one value of a field. */
export type Test =
    | { readonly operator: "in"; readonly values: readonly Value[] }
    | { readonly operator: "lt" | "le" | "gt" | "ge"; readonly number: number }
    | { readonly operator: "contains"; readonly text: string }
    | { readonly operator: "matches"; readonly pattern: RegExp };

/** A comparison; of a field with several values it holds when it does so for one of them, or for all. */
export interface Comparison {
    readonly kind: "comparison";
    readonly field: string;
    readonly quantifier: "any" | "all";
    readonly test: Test;
}

/** A Gateway expression, read: `==` is an `in` with one value, `!=` its opposite. */
export type Expression =
    | { readonly kind: "and" | "or" | "xor"; readonly terms: readonly Expression[] }
    | { readonly kind: "not"; readonly term: Expression }
    | Comparison;
