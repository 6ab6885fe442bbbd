import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

/** What a module exports under a name. */
export type Exported =
    | ts.ClassDeclaration
    | ts.InterfaceDeclaration
    | ts.FunctionDeclaration
    | ts.TypeAliasDeclaration
    | ts.VariableStatement;

/** Something exported, and where it stands. */
export interface Declaration<Node extends Exported = Exported> {
    readonly name: string;
    readonly node: Node;
    /** The file, from the project's folder. */
    readonly file: string;
    readonly line: number;
}

/** Reads declarations from sources, without types: each file is parsed once. */
export class Declarations {
    readonly #root: string;
    readonly #files = new Map<string, ts.SourceFile>();

    /** @param root the folder that paths start from. */
    constructor(root: string) {
        this.#root = root;
    }

    /** Everything that an index exports by name, with what stands behind it. */
    exportsOf(index: string): Declaration[] {
        const file = this.#parsed(join(this.#root, index));
        return file.statements.flatMap((statement) => {
            if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) return [];
            if (statement.exportClause === undefined || !ts.isNamedExports(statement.exportClause)) return [];
            const from = this.#resolved(file, statement.moduleSpecifier);
            return statement.exportClause.elements.flatMap(({ name, propertyName }) =>
                this.#lookUp((propertyName ?? name).text, from),
            );
        });
    }

    /** The interface of that name in a file, or in a file that it imports it from. */
    interface(name: string, file: string): Declaration<ts.InterfaceDeclaration> | undefined {
        const found = this.#lookUp(name, this.#parsed(join(this.#root, file)));
        return found.find((one): one is Declaration<ts.InterfaceDeclaration> => ts.isInterfaceDeclaration(one.node));
    }

    /** The properties of an interface, those of the interfaces that it extends before its own. */
    propertiesOf({ node, file }: Declaration<ts.InterfaceDeclaration>): ts.PropertySignature[] {
        const inherited = (node.heritageClauses ?? [])
            .flatMap(({ types }) => types)
            .flatMap(({ expression }) => this.interface(expression.getText(), file) ?? [])
            .flatMap((parent) => this.propertiesOf(parent));
        return [...inherited, ...node.members.filter(ts.isPropertySignature)];
    }

    #lookUp(name: string, source: ts.SourceFile): Declaration[] {
        const here = this.#declared(source, name);
        if (here.length > 0) return here;
        for (const statement of source.statements) {
            if (!ts.isImportDeclaration(statement)) continue;
            const named = statement.importClause?.namedBindings;
            if (named === undefined || !ts.isNamedImports(named)) continue;
            if (!statement.moduleSpecifier.getText().includes("./")) continue;
            const element = named.elements.find((one) => one.name.text === name);
            if (element === undefined) continue;
            return this.#lookUp(
                (element.propertyName ?? element.name).text,
                this.#resolved(source, statement.moduleSpecifier),
            );
        }
        return this.#reexported(name, source);
    }

    #reexported(name: string, source: ts.SourceFile): Declaration[] {
        return this.exportsOf(relative(this.#root, source.fileName)).filter((one) => one.name === name);
    }

    #declared(source: ts.SourceFile, name: string): Declaration[] {
        const found = source.statements.filter(
            (statement): statement is Exported =>
                ((ts.isClassDeclaration(statement) ||
                    ts.isInterfaceDeclaration(statement) ||
                    ts.isTypeAliasDeclaration(statement) ||
                    ts.isFunctionDeclaration(statement)) &&
                    statement.name?.text === name) ||
                (ts.isVariableStatement(statement) &&
                    statement.declarationList.declarations.some((one) => one.name.getText() === name)),
        );
        // A choice is a value and a type of one name, of which the value says more.
        const node = found.find((one) => !ts.isTypeAliasDeclaration(one)) ?? found[0];
        if (node === undefined) return [];
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        return [{ name, node, file: relative(this.#root, source.fileName), line }];
    }

    #resolved(from: ts.SourceFile, specifier: ts.Expression): ts.SourceFile {
        return this.#parsed(join(dirname(from.fileName), (specifier as ts.StringLiteral).text));
    }

    #parsed(path: string): ts.SourceFile {
        const known = this.#files.get(path);
        if (known !== undefined) return known;
        const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
        this.#files.set(path, file);
        return file;
    }
}
