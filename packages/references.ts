/** What a module refers to by name: imports, and paths that Node.js resolves as it does imports. */
import ts from "typescript";

/** A name in a module's text. */
export interface Reference {
    /** What is asked for; of a template, its end, which has the file's ending. */
    readonly specifier: string;
    /** Whether it is the end of a template, the rest of which is known at run time alone. */
    readonly isPartial: boolean;
    /** Where the name stands in the text, without its quotes. */
    readonly start: number;
    readonly end: number;
}

/**
 * Every name that a module refers to: of `import` and `export`, `import()` also of types, `require()`, `import.meta.resolve()`, `resolve()` of a
 * `createRequire()`, and `new URL(…, import.meta.url)`. Of two arguments the first one counts.
 */
export function referencesIn(file: string, text: string): Reference[] {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    const found: Reference[] = [];
    const visit = (node: ts.Node): void => {
        const name = nameIn(node);
        if (name !== undefined) found.push(referenceOf(name, source));
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

/** Puts other names in place of those that a module refers to. */
export function replaceReferences(file: string, text: string, replace: (specifier: string) => string): string {
    return referencesIn(file, text)
        .toReversed()
        .reduce((changed, { specifier, isPartial, start, end }) => {
            const name = isPartial ? specifier.replace(/\.ts$/, ".js") : replace(specifier);
            return `${changed.slice(0, start)}${name}${changed.slice(end)}`;
        }, text);
}

type Name = ts.StringLiteralLike | ts.TemplateExpression;

function nameIn(node: ts.Node): Name | undefined {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return asName(node.moduleSpecifier);
    if (ts.isImportTypeNode(node))
        return ts.isLiteralTypeNode(node.argument) ? asName(node.argument.literal) : undefined;
    if (ts.isCallExpression(node)) return resolves(node.expression) ? asName(node.arguments[0]) : undefined;
    if (ts.isNewExpression(node)) return isOwnUrl(node) ? asName(node.arguments?.[0]) : undefined;
    return undefined;
}

function asName(node: ts.Node | undefined): Name | undefined {
    return node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) ? node : undefined;
}

/** Whether calling it resolves a name as `import` does. */
function resolves(callee: ts.Expression): boolean {
    if (callee.kind === ts.SyntaxKind.ImportKeyword || isRequire(callee)) return true;
    return (
        ts.isPropertyAccessExpression(callee) &&
        callee.name.text === "resolve" &&
        (isRequire(callee.expression) || ts.isMetaProperty(callee.expression))
    );
}

function isRequire(node: ts.Expression): boolean {
    if (ts.isIdentifier(node)) return node.text === "require";
    return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "createRequire";
}

function isOwnUrl({ expression, arguments: given }: ts.NewExpression): boolean {
    return ts.isIdentifier(expression) && expression.text === "URL" && given?.[1]?.getText() === "import.meta.url";
}

function referenceOf(name: Name, source: ts.SourceFile): Reference {
    if (ts.isStringLiteralLike(name)) {
        return { specifier: name.text, isPartial: false, start: name.getStart(source) + 1, end: name.end - 1 };
    }
    const tail = name.templateSpans.at(-1)?.literal;
    if (tail === undefined) throw new Error(`${source.fileName}: a template without an end`);
    return { specifier: tail.text, isPartial: true, start: tail.getStart(source) + 1, end: tail.end - 1 };
}

/** Name of the npm package that a name leads to; undefined for files and for what Node.js has itself. */
export function packageNamed({ specifier, isPartial }: Reference): string | undefined {
    if (isPartial || /^(\.|\/|node:|data:)/.test(specifier)) return undefined;
    return /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0];
}
