import { ExpressionError } from "./expression.ts";

/** A piece of an expression, with its place in it, counted from 1. */
export interface Token {
    readonly kind: "word" | "string" | "list" | "symbol" | "end";
    readonly text: string;
    readonly at: number;
}

const BLANK = /\s+/y;
/** Names, numbers, addresses, networks and ranges: told apart by where they stand. */
const WORD = /[A-Za-z0-9_.:/-]+/y;
const LIST = /\$([A-Za-z0-9_.-]+)/y;
const RAW_STRING = /r(#*)"([\s\S]*?)"\1/y;
const STRING = /"((?:[^"\\]|\\[\s\S])*)"/y;
const SYMBOL = /==|!=|<=|>=|&&|\|\||\^\^|[(){}[\],<>!~*]/y;

/** Cuts an expression into its pieces. @throws ExpressionError */
export function tokenize(text: string): Token[] {
    const tokens: Token[] = [];
    let place = 0;
    const match = (pattern: RegExp): RegExpExecArray | null => {
        pattern.lastIndex = place;
        const found = pattern.exec(text);
        place += found?.[0].length ?? 0;
        return found;
    };
    while (match(BLANK) !== null || place < text.length) {
        if (place === text.length) {
            break;
        }
        const at = place + 1;
        const add = (kind: Token["kind"], content: string) => tokens.push({ kind, text: content, at });
        let found = match(RAW_STRING);
        if (found !== null) {
            add("string", found[2] ?? "");
            continue;
        }
        found = match(STRING);
        if (found !== null) {
            add("string", unescaped(found[1] ?? "", at));
            continue;
        }
        found = match(LIST);
        if (found !== null) {
            add("list", found[1] ?? "");
            continue;
        }
        found = match(WORD);
        if (found !== null) {
            add("word", found[0]);
            continue;
        }
        found = match(SYMBOL);
        if (found === null) {
            const what = text[place] === '"' ? "a text without its closing quote" : JSON.stringify(text[place]);
            throw new ExpressionError(`at character ${at}: ${what} does not belong in an expression`);
        }
        add("symbol", found[0]);
    }
    tokens.push({ kind: "end", text: "", at: text.length + 1 });
    return tokens;
}

/** The text inside quotes: `\"`, `\\` and `\xHH` are the escapes of wirefilter. */
function unescaped(inside: string, at: number): string {
    return inside.replaceAll(/\\(x[0-9a-fA-F]{2}|[\s\S])/g, (written, what: string) => {
        if (what === '"' || what === "\\") {
            return what;
        }
        if (/^x../.test(what)) {
            return String.fromCharCode(Number.parseInt(what.slice(1), 16));
        }
        throw new ExpressionError(`at character ${at}: the text has the escape ${written}; write \\\\ for a backslash`);
    });
}
