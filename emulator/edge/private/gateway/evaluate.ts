import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import {
    type Comparison,
    type Expression,
    ExpressionError,
    parseExpression,
    type Test,
    type Value,
} from "../../../expressions/index.ts";
import { isWithin } from "../../access/policy/addresses.ts";
import { all, any, not, Truth, truthOf } from "../../access/policy/truth.ts";

/** What is known of a connection or lookup, by the names of Gateway's selectors. What is not here cannot be known. */
export type Facts = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** Gives the values of a Zero Trust list; undefined when there is none of that id. */
export type ListValues = (id: string) => readonly string[] | undefined;

/** Whether an expression holds that is still to be read; of one that cannot be read nothing is known. */
export function evaluateText(text: string, facts: Facts, lists: ListValues): Truth {
    try {
        return evaluate(parseExpression(text), facts, lists);
    } catch (error) {
        if (error instanceof ExpressionError) {
            return Truth.Unknown;
        }
        throw error;
    }
}

/**
 * Whether an expression holds. What depends on a field of unknown value, or on a list that is gone, is unknown: neither true nor false, so that
 * whoever asks can stay on the safe side.
 */
export function evaluate(expression: Expression, facts: Facts, lists: ListValues): Truth {
    switch (expression.kind) {
        case "not":
            return not(evaluate(expression.term, facts, lists));
        case "and":
            return all(expression.terms.map((term) => evaluate(term, facts, lists)));
        case "or":
            return any(expression.terms.map((term) => evaluate(term, facts, lists)));
        case "xor":
            return expression.terms.map((term) => evaluate(term, facts, lists)).reduce(exclusively);
        case "comparison":
            return compare(expression, facts, lists);
    }
}

function exclusively(one: Truth, other: Truth): Truth {
    return any([all([one, not(other)]), all([not(one), other])]);
}

function compare({ field, quantifier, test }: Comparison, facts: Facts, lists: ListValues): Truth {
    const fact = Object.hasOwn(facts, field) ? facts[field] : undefined;
    if (fact === undefined) {
        return Truth.Unknown;
    }
    const truths = [fact].flat().map((single) => passes(single, test, lists));
    return quantifier === "any" ? any(truths) : all(truths);
}

function passes(fact: string | number, test: Test, lists: ListValues): Truth {
    switch (test.operator) {
        case "in":
            return any(test.values.map((value) => isOne(fact, value, lists)));
        case "contains":
            return truthOf(String(fact).includes(test.text));
        case "matches":
            return truthOf(test.pattern.test(String(fact)));
        case "lt":
            return truthOf(Number(fact) < test.number);
        case "le":
            return truthOf(Number(fact) <= test.number);
        case "gt":
            return truthOf(Number(fact) > test.number);
        case "ge":
            return truthOf(Number(fact) >= test.number);
    }
}

function isOne(fact: string | number, value: Value, lists: ListValues): Truth {
    switch (value.kind) {
        case "text":
            return truthOf(fact === value.text);
        case "number":
            return truthOf(typeof fact === "number" && value.from <= fact && fact <= value.to);
        case "network":
            return truthOf(typeof fact === "string" && isWithin(fact, value.network));
        case "addresses":
            return truthOf(typeof fact === "string" && isBetween(fact, value.from, value.to));
        case "list": {
            const values = lists(value.id);
            return values === undefined ? Truth.Unknown : truthOf(values.some((entry) => isEntry(String(fact), entry)));
        }
    }
}

/** Lists hold text: of addresses, whole networks as well. */
function isEntry(fact: string, entry: string): boolean {
    return fact === entry || (isIP(fact) !== 0 && isWithin(fact, entry));
}

function isBetween(address: string, from: string, to: string): boolean {
    if (isIP(address) !== isIP(from)) {
        return false;
    }
    const [at, low, high] = [address, from, to].map((text) => Buffer.from(ipaddr.parse(text).toByteArray()));
    return at !== undefined && low !== undefined && high !== undefined && low.compare(at) <= 0 && at.compare(high) <= 0;
}
