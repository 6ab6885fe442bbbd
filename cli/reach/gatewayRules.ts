import {
    type Comparison,
    type Expression,
    ExpressionError,
    parseExpression,
    type Value,
} from "../../emulator/expressions/index.ts";
import { type Condition, type Selector, SelectorKind } from "./model.ts";

/** What a rule's traffic is about, as far as it is understood. */
export interface Traffic {
    /** Ranges in CIDR form; undefined where the rule is about every address. */
    readonly networks?: readonly string[];
    /** Host names that are looked up; undefined where the rule is about every name. */
    readonly hostnames?: readonly string[];
    /** As text, single ports and ranges; undefined where the rule is about every port. */
    readonly ports?: readonly string[];
    /** Id of the virtual network; undefined where the rule is about all of them. */
    readonly virtualNetwork?: string;
    /** Where somebody comes from, and what is not understood. */
    readonly conditions: readonly Condition[];
}

/** Reads a traffic expression: comparisons joined by `and`; any other form is one condition in its own words. */
export function readTraffic(text: string): Traffic {
    const read = termsOf(text, "and").map((term) => {
        const field = isPlain(term) ? TRAFFIC[term.field] : undefined;
        return field === undefined || !isPlain(term)
            ? { conditions: [inWords(text)] }
            : field(term.test.values.map(valueText));
    });
    return { ...Object.assign({}, ...read), conditions: read.flatMap(({ conditions = [] }) => conditions) };
}

type Field = (values: string[]) => Partial<Traffic>;

const anyOf =
    (kind: SelectorKind) =>
    (values: readonly string[]): Partial<Traffic> => ({
        conditions: [{ demand: "only", anyOf: values.map((value) => ({ kind, value })) }],
    });

const TRAFFIC: Readonly<Record<string, Field>> = {
    "net.dst.ip": (networks) => ({ networks }),
    "net.dst.port": (ports) => ({ ports }),
    "net.vnet_id": ([virtualNetwork = ""]) => ({ virtualNetwork }),
    "net.src.ip": anyOf(SelectorKind.IpRange),
    "net.src.geo.country": anyOf(SelectorKind.Country),
    "dns.fqdn": (hostnames) => ({ hostnames }),
    "dns.src_ip": anyOf(SelectorKind.IpRange),
    "dns.src.geo.country": anyOf(SelectorKind.Country),
};

/** Whom an identity expression is about: comparisons joined by `or`; any other form is one selector in its own words. */
export function readIdentity(text: string): Selector[] {
    const selectors = termsOf(text, "or").map(identitySelectors);
    return selectors.every((one) => one !== undefined)
        ? selectors.flat()
        : [{ kind: SelectorKind.Expression, value: text }];
}

function identitySelectors(term: Expression | undefined): Selector[] | undefined {
    if (term?.kind !== "comparison") return undefined;
    const { field, test } = term;
    if (field === "identity.email" && test.operator === "matches") {
        const domain = domainOf(test.pattern);
        return domain === undefined ? undefined : [{ kind: SelectorKind.EmailDomain, value: domain }];
    }
    const kind = IDENTITY[field];
    if (kind === undefined || !isPlain(term)) return undefined;
    return term.test.values.map((value) => ({ kind, value: valueText(value) }));
}

const IDENTITY: Readonly<Record<string, SelectorKind>> = {
    "identity.email": SelectorKind.Email,
    "identity.groups.name": SelectorKind.IdentityGroup,
    "identity.groups.id": SelectorKind.IdentityGroup,
    "identity.groups.email": SelectorKind.IdentityGroup,
};

/** The domain in `^[^@]+@example[.]com$`, the way in which components name everybody of one. */
function domainOf({ source }: RegExp): string | undefined {
    const domain = /^\^\[\^@\]\+@((?:[a-z0-9-]|\[\.\]|\\\.)+)\$$/i.exec(source)?.[1];
    return domain?.replaceAll("[.]", ".").replaceAll("\\.", ".");
}

/**
 * What a device has to pass.
 *
 * @param nameOf gives the name of a posture rule by its id.
 */
export function readPosture(text: string, nameOf: (id: string) => string): Condition[] {
    return termsOf(text, "and").map((term) => {
        const passed = isPlain(term) && term.field === "device_posture.checks.passed" && term.quantifier === "any";
        if (!passed) return inWords(text);
        const names = term.test.values.map((value) => nameOf(valueText(value)));
        return { demand: "only", anyOf: names.map((value) => ({ kind: SelectorKind.Posture, value })) };
    });
}

/** The terms that a connective joins; none of an empty text, one without a form where it cannot be read. */
function termsOf(text: string, connective: "and" | "or"): (Expression | undefined)[] {
    if (text.trim() === "") return [];
    try {
        const expression = parseExpression(text);
        return expression.kind === connective ? [...expression.terms] : [expression];
    } catch (error) {
        if (error instanceof ExpressionError) return [undefined];
        throw error;
    }
}

type PlainComparison = Comparison & { readonly test: { readonly operator: "in"; readonly values: readonly Value[] } };

function isPlain(term: Expression | undefined): term is PlainComparison {
    return term?.kind === "comparison" && term.test.operator === "in";
}

function valueText(value: Value): string {
    switch (value.kind) {
        case "text":
            return value.text;
        case "number":
            return value.from === value.to ? String(value.from) : `${value.from}-${value.to}`;
        case "network":
            return value.network;
        case "addresses":
            return `${value.from}-${value.to}`;
        case "list":
            return `list ${value.id}`;
    }
}

function inWords(text: string): Condition {
    return { demand: "only", anyOf: [{ kind: SelectorKind.Expression, value: text }] };
}
