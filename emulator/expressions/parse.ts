import { type Comparison, type Expression, ExpressionError, type Test } from "./expression.ts";
import { typeOf } from "./fields.ts";
import { type Token, tokenize } from "./tokens.ts";
import { readTest } from "./values.ts";

/** Deeper than anybody nests, and far from where the call stack ends. */
const MAX_DEPTH = 64;

/** How tightly each binds, the loosest first. */
const CONNECTIVES = [
    { kind: "or", words: ["or", "||"] },
    { kind: "xor", words: ["xor", "^^"] },
    { kind: "and", words: ["and", "&&"] },
] as const;

/**
 * Reads an expression of Gateway's: the part of the wirefilter language that network policies, DNS policies and device profiles are written in
 * (developers.cloudflare.com, cloudflare-one, "Gateway policy expressions"). Comparisons `== != < <= > >= in contains matches`, joined by
 * `and`, `xor`, `or` and `not`; `any(…)` and `all(…)` over fields with several values; sets with ranges, and lists (`$<id>`).
 *
 * A known field is held to what it can be compared with; a field that is not known here may be compared with anything.
 *
 * @throws ExpressionError with the first mistake and its place.
 */
export function parseExpression(text: string): Expression {
    return new Parser(tokenize(text)).whole();
}

class Parser {
    readonly #tokens: readonly Token[];
    #next = 0;
    #depth = 0;

    constructor(tokens: readonly Token[]) {
        this.#tokens = tokens;
    }

    whole(): Expression {
        const expression = this.#joined(0);
        this.#expect("end", "the end or one of and, or, xor");
        return expression;
    }

    /** A chain of terms, all joined by the connective of this level. */
    #joined(level: number): Expression {
        const connective = CONNECTIVES[level];
        if (connective === undefined) {
            return this.#term();
        }
        const terms = [this.#joined(level + 1)];
        while (this.#accept(connective.words)) {
            terms.push(this.#joined(level + 1));
        }
        const [only] = terms;
        return terms.length === 1 && only !== undefined ? only : { kind: connective.kind, terms };
    }

    #term(): Expression {
        if (this.#accept(["not", "!"])) {
            return { kind: "not", term: this.#nested(() => this.#term()) };
        }
        if (this.#accept(["("])) {
            const inside = this.#nested(() => this.#joined(0));
            this.#expect(")", "a closing parenthesis");
            return inside;
        }
        return this.#comparison();
    }

    #nested(parse: () => Expression): Expression {
        if (++this.#depth > MAX_DEPTH) {
            throw mistake(this.#peek, `more than ${MAX_DEPTH} terms stand inside each other`);
        }
        const inside = parse();
        this.#depth--;
        return inside;
    }

    #comparison(): Expression {
        const start = this.#expect("word", "a field, for example net.dst.ip");
        if (!this.#accept(["("])) {
            return this.#compared(start, undefined);
        }
        if (start.text !== "any" && start.text !== "all") {
            throw mistake(start, `${start.text}() is not a function that is known here; any() and all() are`);
        }
        const inside = this.#compared(this.#expect("word", "a field with several values"), start.text);
        this.#expect(")", "a closing parenthesis");
        return inside;
    }

    /** A comparison from its field on; `quantifier` is the function that it stands in. */
    #compared(start: Token, quantifier: Comparison["quantifier"] | undefined): Expression {
        const { field, isEach } = this.#field(start);
        if (isEach && quantifier === undefined) {
            throw mistake(start, `${field}[*] has several values; write any(${field}[*] …) or all(${field}[*] …)`);
        }
        if (quantifier !== undefined && !isEach) {
            throw mistake(start, `${quantifier}() goes through several values; write ${field}[*]`);
        }
        const operator = this.#take();
        const isSet = this.#accept(["{"]);
        const values = isSet ? this.#set() : [this.#take()];
        const { test, isNegated } = readTest({ field, type: typeOf(field), operator, values, isSet });
        return compared(field, test, isNegated, quantifier);
    }

    /** A field's name, with what may stand behind it: `[*]`, and the name of a part (`identity.groups[*].name`). */
    #field(start: Token): { field: string; isEach: boolean } {
        if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$/i.test(start.text)) {
            throw mistake(start, `${JSON.stringify(start.text)} is not the name of a field`);
        }
        if (!this.#accept(["["])) {
            return { field: start.text, isEach: false };
        }
        this.#expect("*", "* (single elements are not known here)");
        this.#expect("]", "a closing bracket");
        const part = this.#peek.kind === "word" && this.#peek.text.startsWith(".") ? this.#take().text : "";
        return { field: `${start.text}${part}`, isEach: true };
    }

    /** The values up to the closing brace. */
    #set(): Token[] {
        const values: Token[] = [];
        while (!this.#accept(["}"])) {
            if (this.#peek.kind === "end") {
                throw mistake(this.#peek, "the set has no closing brace");
            }
            values.push(this.#take());
        }
        return values;
    }

    get #peek(): Token {
        const token = this.#tokens[this.#next];
        if (token === undefined) {
            throw new Error("the parser went past the end");
        }
        return token;
    }

    #take(): Token {
        const token = this.#peek;
        if (token.kind === "end") {
            throw mistake(token, "the expression ends in the middle of a comparison");
        }
        this.#next++;
        return token;
    }

    /** Goes on where the next piece is one of these. */
    #accept(texts: readonly string[]): boolean {
        const { kind, text } = this.#peek;
        const isOne = (kind === "word" || kind === "symbol") && texts.includes(text);
        this.#next += isOne ? 1 : 0;
        return isOne;
    }

    /** The next piece, which has to be of this kind or this symbol. */
    #expect(what: "word" | "end" | "(" | ")" | "*" | "]", described: string): Token {
        const token = this.#peek;
        const isIt = token.kind === what || (token.kind === "symbol" && token.text === what);
        if (!isIt) {
            const found = token.kind === "end" ? "the end" : JSON.stringify(token.text);
            throw mistake(token, `${found} stands where ${described} should`);
        }
        this.#next += token.kind === "end" ? 0 : 1;
        return token;
    }
}

function compared(
    field: string,
    test: Test,
    isNegated: boolean,
    quantifier: Comparison["quantifier"] | undefined,
): Expression {
    const comparison: Comparison = { kind: "comparison", field, quantifier: quantifier ?? "any", test };
    if (!isNegated) {
        return comparison;
    }
    // any(x != y) is "not all are y", and the other way round; without either, "none is y" is meant.
    const opposite = quantifier === "any" ? "all" : "any";
    return { kind: "not", term: { ...comparison, quantifier: opposite } };
}

function mistake({ at }: Token, what: string): ExpressionError {
    return new ExpressionError(`at character ${at}: ${what}`);
}
