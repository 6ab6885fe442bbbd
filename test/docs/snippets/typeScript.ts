import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { Declarations } from "../../../site/reference/declarations.ts";
import type { Snippet } from "./snippets.ts";

/** What examples use without importing it: in the emulator's files its own, elsewhere the library's. */
const LIBRARIES = {
    emulator: ["emulator/index.ts", "emulator/edge/index.ts"],
    components: ["components/index.ts"],
};

/** Declares what examples speak of without making it: an account, a tunnel, an audience. */
const SURROUNDINGS = "test/docs/snippets/surroundings.ts";

/**
 * Checks examples against the real types, all in one program.
 *
 * What the libraries export is imported before an example; what else it names without declaring it has to be in `surroundings.ts`.
 *
 * @param root the project's folder.
 * @returns what is wrong, with file and line of the snippet.
 */
export function typeMistakes(root: string, snippets: readonly Snippet[]): string[] {
    const emulator = exportsByName(root, LIBRARIES.emulator);
    const components = exportsByName(root, LIBRARIES.components);
    const texts = new Map(
        snippets.map((snippet, place) => {
            const exported = snippet.file.startsWith("emulator/") ? emulator : components;
            return [join(root, `snippet-${place}.ts`), { snippet, text: moduleOf(snippet.code, exported) }];
        }),
    );
    const options = { ...compilerOptions(root), noUnusedLocals: false, noUnusedParameters: false };
    const host = ts.createCompilerHost(options, true);
    const { getSourceFile, fileExists, readFile } = host;
    host.fileExists = (path) => texts.has(path) || fileExists(path);
    host.readFile = (path) => texts.get(path)?.text ?? readFile(path);
    host.getSourceFile = (path, languageVersion, ...rest) => {
        const text = texts.get(path)?.text;
        return text === undefined
            ? getSourceFile(path, languageVersion, ...rest)
            : ts.createSourceFile(path, text, languageVersion, true);
    };
    const program = ts.createProgram([...texts.keys(), join(root, SURROUNDINGS)], options, host);
    return [...texts].flatMap(([path, { snippet }]) => {
        const source = program.getSourceFile(path);
        const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
        return found.map(({ start = 0, messageText }) => {
            // The first line of the module is ours.
            const line = snippet.line + (source?.getLineAndCharacterOfPosition(start).line ?? 1) - 1;
            return `${snippet.file}:${line}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
        });
    });
}

/** An example as a module: one line of imports, then its own. */
function moduleOf(code: string, exported: ReadonlyMap<string, string>): string {
    const declared = new Set(
        [...code.matchAll(/\bimport\b[^;]*?\bfrom\b/g)].flatMap(([clause]) => clause.match(/\w+/g) ?? []),
    );
    const names = new Set(code.match(/\b[A-Za-z_]\w*\b/g) ?? []);
    const needed = [...names].filter((name) => exported.has(name) && !declared.has(name));
    const imports = needed.map((name) => `import { ${name} } from "${exported.get(name)}";`);
    return `${imports.join(" ")} export {};\n${code}`;
}

function exportsByName(root: string, indexes: readonly string[]): Map<string, string> {
    const declarations = new Declarations(root);
    const names = indexes.flatMap((index) =>
        declarations.exportsOf(index).map(({ name }) => [name, `./${index}`] as const),
    );
    return new Map(names);
}

function compilerOptions(root: string): ts.CompilerOptions {
    const path = join(root, "tsconfig.json");
    const { config } = ts.parseConfigFileTextToJson(path, readFileSync(path, "utf8"));
    return ts.convertCompilerOptionsFromJson(config.compilerOptions, root).options;
}
