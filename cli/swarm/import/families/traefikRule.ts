/** A host name with a path below it, as a rule of Traefik matches them. */
export interface RuleMatch {
    hostname: string;
    path?: string;
}

/** `Host(...)`, `PathPrefix(...)` and the operators; a text within backticks or quotes may hold anything. */
const TOKEN = /\s*(?:([A-Za-z]+)\s*\(((?:\s*(?:`[^`]*`|"[^"]*"|'[^']*')\s*,?)*)\)|(&&|\|\||[()!]))/y;

/**
 * What a rule matches, as alternatives; a text instead of that names what cannot be said by host name and path, which would be let
 * through without it. Rules are in the syntax of Traefik 2 and 3 (doc.traefik.io, Routers).
 */
export function matchesOf(rule: string): RuleMatch[] | string {
    const tokens = tokensOf(rule);
    if (typeof tokens === "string") return tokens;
    let at = 0;
    const alternatives = (): Condition[] | string => {
        let found = conjunction();
        while (typeof found !== "string" && tokens[at]?.operator === "||") {
            at++;
            const more = conjunction();
            found = typeof more === "string" ? more : [...found, ...more];
        }
        return found;
    };
    const conjunction = (): Condition[] | string => {
        let found = term();
        while (typeof found !== "string" && tokens[at]?.operator === "&&") {
            at++;
            const more = term();
            if (typeof more === "string") return more;
            const both = found.flatMap((left) => more.map((right) => joined(left, right)));
            const contradiction = both.find((one) => one === undefined);
            if (contradiction !== undefined || both.includes(undefined)) return "has two host names or paths at once";
            found = both as Condition[];
        }
        return found;
    };
    const term = (): Condition[] | string => {
        const token = tokens[at++];
        if (token?.operator === "(") {
            const inner = alternatives();
            if (tokens[at++]?.operator !== ")") return "has an open bracket";
            return inner;
        }
        if (token === undefined || token.operator !== undefined)
            return `has "${token?.operator ?? ""}" where a matcher is expected`;
        if (token.matcher === "Host") return token.values.map((hostname) => ({ hostname }));
        if (token.matcher === "PathPrefix") return token.values.map((path) => ({ path }));
        return `has ${token.matcher}(…), which labels here cannot say; without it more would be let through`;
    };
    const found = alternatives();
    if (typeof found === "string") return found;
    if (at < tokens.length) return "has something behind its end";
    const open = found.find(({ hostname }) => hostname === undefined);
    return open === undefined ? (found as RuleMatch[]) : "matches a path under every host name";
}

interface Condition {
    hostname?: string;
    path?: string;
}

function joined(left: Condition, right: Condition): Condition | undefined {
    const twice = (["hostname", "path"] as const).some((key) => left[key] !== undefined && right[key] !== undefined);
    return twice ? undefined : { ...left, ...right };
}

type Token = { operator: string; matcher?: undefined } | { operator?: undefined; matcher: string; values: string[] };

function tokensOf(rule: string): Token[] | string {
    const tokens: Token[] = [];
    TOKEN.lastIndex = 0;
    while (rule.slice(TOKEN.lastIndex).trim() !== "") {
        const from = TOKEN.lastIndex;
        const [, matcher, values = "", operator] = TOKEN.exec(rule) ?? [];
        if (operator !== undefined) tokens.push({ operator });
        else if (matcher !== undefined) tokens.push({ matcher, values: valuesOf(values) });
        else return `cannot be read from "${rule.slice(from).trim()}" on`;
    }
    return tokens;
}

function valuesOf(text: string): string[] {
    return [...text.matchAll(/`([^`]*)`|"([^"]*)"|'([^']*)'/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
}
