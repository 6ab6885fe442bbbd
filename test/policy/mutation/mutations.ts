import ts from "typescript";

/** One change to a rule's code that some test ought to notice. */
export interface Mutation {
    readonly id: number;
    /** Path from the project's root, and the line, counted from 1. */
    readonly file: string;
    readonly line: number;
    readonly kind: string;
    readonly before: string;
    readonly after: string;
}

/** A module's code in which each mutation waits to be switched on. */
export interface Instrumented {
    readonly code: string;
    readonly mutations: readonly Mutation[];
}

/** Name of the function by which instrumented code asks whether a mutation is on. */
export const SWITCH = "__isMutated";

/** Kind of the mutations of lists, which are data and no conditions. */
export const LEFT_OUT = "leave out";

/** What stands in the place of an operator: the opposite, and for an order its boundary. */
const OPERATORS: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
    [ts.SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
    [ts.SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
    [ts.SyntaxKind.EqualsEqualsToken, ["!="]],
    [ts.SyntaxKind.ExclamationEqualsToken, ["=="]],
    [ts.SyntaxKind.LessThanToken, [">=", "<="]],
    [ts.SyntaxKind.LessThanEqualsToken, [">", "<"]],
    [ts.SyntaxKind.GreaterThanToken, ["<=", ">="]],
    [ts.SyntaxKind.GreaterThanEqualsToken, ["<", ">"]],
    [ts.SyntaxKind.AmpersandAmpersandToken, ["||"]],
    [ts.SyntaxKind.BarBarToken, ["&&"]],
    [ts.SyntaxKind.PlusToken, ["-"]],
    [ts.SyntaxKind.MinusToken, ["+"]],
]);

/** Methods whose meaning is a condition, with their opposite. */
const METHODS: Readonly<Record<string, string>> = {
    some: "every",
    every: "some",
    startsWith: "endsWith",
    endsWith: "startsWith",
};

/**
 * Finds the conditions of a module and makes each one switchable: negated, its operators replaced by their opposites, its boundaries moved,
 * `some` and `every` exchanged, literals flipped, elements of lists left out. Types and names are no conditions.
 *
 * @param first id of the first mutation
 */
export function instrument(file: string, text: string, first: number): Instrumented {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
    const mutations: Mutation[] = [];

    const place = (node: ts.Node, kind: string, after: string): number => {
        const id = first + mutations.length;
        const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
        mutations.push({ id, file, line, kind, before: node.getText(source), after });
        return id;
    };

    /** The code of a node in which its own parts are switchable. */
    const rewrite = (node: ts.Node): string => {
        if (
            ts.isTypeNode(node) ||
            ts.isImportDeclaration(node) ||
            ts.isTypeAliasDeclaration(node) ||
            ts.isInterfaceDeclaration(node)
        ) {
            return node.getFullText(source);
        }
        let code = "";
        let done = node.getFullStart();
        ts.forEachChild(node, (child) => {
            code += text.slice(done, child.getFullStart()) + rewrite(child);
            done = child.getEnd();
        });
        code += text.slice(done, node.getEnd());
        return ts.isExpression(node) ? switchable(node, code) : code;
    };

    /** The code of an expression with its mutations in front, of which one at most is on. */
    const switchable = (node: ts.Expression, code: string): string => {
        const leading = node.getFullText(source).slice(0, node.getLeadingTriviaWidth(source));
        const own = code.slice(leading.length);
        const choices = mutationsOf(node, source).map(
            ({ kind, after }) => `${SWITCH}(${place(node, kind, after)}) ? (${after}) : `,
        );
        return choices.length === 0 ? code : `${leading}(${choices.join("")}(${own}))`;
    };

    return { code: rewrite(source) + text.slice(source.getEnd()), mutations };
}

interface Change {
    readonly kind: string;
    readonly after: string;
}

function mutationsOf(node: ts.Expression, source: ts.SourceFile): Change[] {
    const text = (one: ts.Node) => one.getText(source);
    const changes: Change[] = [];
    if (isCondition(node) && !hasOpposite(node)) changes.push({ kind: "negate", after: `!(${text(node)})` });
    if (ts.isBinaryExpression(node) && !isText(node)) {
        for (const operator of OPERATORS.get(node.operatorToken.kind) ?? []) {
            changes.push({
                kind: `${text(node.operatorToken)} to ${operator}`,
                after: `(${text(node.left)}) ${operator} (${text(node.right)})`,
            });
        }
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
        changes.push({ kind: "drop !", after: text(node.operand) });
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword) changes.push({ kind: "flip", after: "false" });
    if (node.kind === ts.SyntaxKind.FalseKeyword) changes.push({ kind: "flip", after: "true" });
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
        const { expression, name } = node.expression;
        const opposite = Object.hasOwn(METHODS, name.text) ? METHODS[name.text] : undefined;
        if (opposite !== undefined && node.expression.questionDotToken === undefined) {
            const args = node.arguments.map(text).join(", ");
            changes.push({ kind: `${name.text} to ${opposite}`, after: `${text(expression)}.${opposite}(${args})` });
        }
    }
    return [...changes, ...withoutElements(node, text)];
}

/** A list with each of its elements left out. Spread parts of a result are left: they are conditions of their own. */
function withoutElements(node: ts.Expression, text: (node: ts.Node) => string): Change[] {
    if (!ts.isArrayLiteralExpression(node) || node.elements.length < 2) return [];
    return node.elements.map((left) => ({
        kind: LEFT_OUT,
        after: `[${node.elements
            .filter((one) => one !== left)
            .map(text)
            .join(", ")}]`,
    }));
}

/** Whether an expression decides: in `if`, `?:`, `while`, an operand of `&&`, `||` and `!`, or what a predicate returns. */
function isCondition(node: ts.Expression): boolean {
    const { parent } = node;
    if (ts.isParenthesizedExpression(node)) return false;
    if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
    if (ts.isConditionalExpression(parent)) return parent.condition === node;
    if (ts.isBinaryExpression(parent)) return LOGICAL.has(parent.operatorToken.kind) && parent.left === node;
    if (ts.isArrowFunction(parent)) return parent.body === node && isPredicate(parent);
    return false;
}

const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken]);

/** A function that is handed to one that asks it. */
function isPredicate({ parent }: ts.ArrowFunction): boolean {
    if (!ts.isCallExpression(parent) || !ts.isPropertyAccessExpression(parent.expression)) return false;
    return ["filter", "some", "every", "find", "findIndex"].includes(parent.expression.name.text);
}

/** Whether another mutation of the same expression says the same as its negation. */
function hasOpposite(node: ts.Expression): boolean {
    if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken;
    return (
        ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.kind) && !LOGICAL.has(node.operatorToken.kind)
    );
}

/** `+` between texts is no arithmetic. */
function isText({ left, right, operatorToken }: ts.BinaryExpression): boolean {
    const isLiteral = (node: ts.Expression) =>
        ts.isStringLiteral(node) || ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node);
    return operatorToken.kind === ts.SyntaxKind.PlusToken && (isLiteral(left) || isLiteral(right));
}
