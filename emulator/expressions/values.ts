import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { ExpressionError, type FieldType, type Test, type Value } from "./expression.ts";
import type { Token } from "./tokens.ts";

/** A comparison in pieces. */
interface Parts {
    readonly field: string;
    readonly type: FieldType | undefined;
    readonly operator: Token;
    readonly values: readonly Token[];
    /** Whether they stand between braces. */
    readonly isSet: boolean;
}

/** wirefilter's two spellings of each operator. */
const OPERATORS: Readonly<Record<string, Test["operator"] | "eq" | "ne">> = {
    "==": "eq",
    eq: "eq",
    "!=": "ne",
    ne: "ne",
    "<": "lt",
    lt: "lt",
    "<=": "le",
    le: "le",
    ">": "gt",
    gt: "gt",
    ">=": "ge",
    ge: "ge",
    in: "in",
    contains: "contains",
    matches: "matches",
    "~": "matches",
};

/** What a type of field is compared with, in words. */
const EXPECTED: Readonly<Record<FieldType, string>> = {
    ip: "addresses, such as 10.20.0.5 or, in a set, 10.20.0.0/16",
    number: "numbers, such as 443 or, in a set, 8000..8999",
    string: "text in double quotes",
};

/** Reads the right side of a comparison. @throws ExpressionError */
export function readTest({ field, type, operator, values, isSet }: Parts): { test: Test; isNegated: boolean } {
    const name = Object.hasOwn(OPERATORS, operator.text) && operator.kind !== "string" && OPERATORS[operator.text];
    if (!name) {
        throw mistake(operator, `${JSON.stringify(operator.text)} is not an operator that is known here`);
    }
    const [first] = values;
    if (first === undefined) {
        throw mistake(operator, "the set is empty; write at least one value");
    }
    if (isSet !== (name === "in") && first.kind !== "list") {
        const form = name === "in" ? "values between braces, or a list" : "one value, without braces";
        throw mistake(first, `"${operator.text}" takes ${form}`);
    }
    if (name === "in" || name === "eq" || name === "ne") {
        const read = values.map((value) => readValue(value, name === "in"));
        const wrong = values.find((_, index) => !fits(read[index], type));
        if (wrong !== undefined && type !== undefined) {
            throw mistake(wrong, `${field} is compared with ${EXPECTED[type]}`);
        }
        return { test: { operator: "in", values: read }, isNegated: name === "ne" };
    }
    return { test: compare(name, first, { field, type }), isNegated: false };
}

function compare(
    operator: Exclude<Test["operator"], "in">,
    value: Token,
    { field, type }: Pick<Parts, "field" | "type">,
): Test {
    const read = readValue(value, false);
    if (operator === "contains" || operator === "matches") {
        if (read.kind !== "text" || type === "ip" || type === "number") {
            throw mistake(value, `"${operator}" compares text with text in double quotes`);
        }
        return operator === "contains" ? { operator, text: read.text } : { operator, pattern: patternOf(value) };
    }
    if (read.kind !== "number" || type === "ip" || type === "string") {
        throw mistake(value, `${field} cannot be above or below that; order is for numbers`);
    }
    return { operator, number: read.from };
}

/**
 * Gateway's patterns are Rust's (the regex crate): JavaScript's, read strictly, are nearly those. What it cannot read is refused rather than
 * read as something else.
 */
function patternOf(token: Token): RegExp {
    const ignoresCase = token.text.startsWith("(?i)");
    try {
        return new RegExp(ignoresCase ? token.text.slice(4) : token.text, ignoresCase ? "iu" : "u");
    } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw mistake(token, `the pattern cannot be read: ${reason}`);
    }
}

function fits(value: Value | undefined, type: FieldType | undefined): boolean {
    switch (type) {
        case "ip":
            return value?.kind === "network" || value?.kind === "addresses" || value?.kind === "list";
        case "number":
            return value?.kind === "number" || value?.kind === "list";
        case "string":
            return value?.kind === "text" || value?.kind === "list";
        default:
            return true;
    }
}

/** Networks, ranges and lists belong in sets alone. */
function readValue(token: Token, isInSet: boolean): Value {
    const { kind, text } = token;
    if (kind === "string") {
        return { kind: "text", text };
    }
    if (kind === "list" && isInSet) {
        return { kind: "list", id: text };
    }
    if (kind === "word") {
        const value = readNumber(text) ?? readAddress(text);
        const isSingle = value?.kind === "number" ? value.from === value.to && !text.includes("..") : isIP(text) !== 0;
        if (value !== undefined && (isInSet || isSingle)) {
            return value;
        }
    }
    const hint = isInSet ? "write numbers, addresses, or text in double quotes" : 'write one value, or "in" and a set';
    throw mistake(token, `${JSON.stringify(text)} is not a value here; ${hint}`);
}

function readNumber(text: string): Value | undefined {
    const match = /^(-?\d{1,15})(?:\.\.(-?\d{1,15}))?$/.exec(text);
    return match === null ? undefined : { kind: "number", from: Number(match[1]), to: Number(match[2] ?? match[1]) };
}

function readAddress(text: string): Value | undefined {
    const [from = "", to] = text.split("..");
    if (to !== undefined) {
        return isIP(from) !== 0 && isIP(from) === isIP(to) ? { kind: "addresses", from, to } : undefined;
    }
    const isNetwork = isIP(from.split("/")[0] ?? "") !== 0 && (isIP(from) !== 0 || ipaddr.isValidCIDR(from));
    return isNetwork ? { kind: "network", network: from } : undefined;
}

function mistake({ at }: Token, what: string): ExpressionError {
    return new ExpressionError(`at character ${at}: ${what}`);
}
