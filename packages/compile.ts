/** TypeScript to JavaScript with declarations, a file at a time: what Node.js does by stripping types everywhere but below a `node_modules`. */
import { join, posix, relative, sep } from "node:path";
import ts from "typescript";
import { specifierFor } from "./place.ts";
import { referencesIn, replaceReferences } from "./references.ts";

/** A module as JavaScript. Nothing is lowered or bundled, so that lines and names are those of the source. */
export function compileModule(path: string, text: string): string {
    const moved = replaceReferences(path, text, (specifier) => specifierFor(path, specifier));
    if (path.endsWith(".js")) return moved;
    const { outputText } = ts.transpileModule(moved, {
        fileName: path,
        compilerOptions: {
            target: ts.ScriptTarget.ESNext,
            module: ts.ModuleKind.ESNext,
            verbatimModuleSyntax: true,
            isolatedModules: true,
        },
    });
    return outputText;
}

/**
 * Declarations of the modules that programs may import, and of all that these mention; the rest is of no use to anybody.
 *
 * @param root folder of the repository.
 * @param modules paths of the repository.
 * @returns text by path of the source.
 * @throws Error with what the compiler says where a declaration cannot be made.
 */
export function compileDeclarations(root: string, modules: readonly string[]): Map<string, string> {
    const emitted = emitDeclarations(root, modules);
    const kept = new Map<string, string>();
    const keep = (path: string): void => {
        const text = emitted.get(path);
        if (text === undefined || kept.has(path)) return;
        const own = replaceReferences(path, text, (specifier) => specifierFor(path, specifier));
        kept.set(path, own);
        for (const { specifier } of referencesIn(path, text)) {
            if (specifier.startsWith(".")) keep(posix.join(posix.dirname(path), specifier));
        }
    };
    for (const module of modules) keep(module);
    return kept;
}

function emitDeclarations(root: string, modules: readonly string[]): Map<string, string> {
    const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const program = ts.createProgram(
        modules.map((module) => join(root, module)),
        { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: root, outDir: root },
    );
    const emitted = new Map<string, string>();
    const { diagnostics } = program.emit(undefined, (file, text) => {
        const path = relative(root, file).replaceAll(sep, "/");
        emitted.set(path.replace(/\.d\.ts$/, ".ts"), text);
    });
    if (diagnostics.length > 0) {
        const host = {
            getCanonicalFileName: (name: string) => name,
            getCurrentDirectory: () => root,
            getNewLine: () => "\n",
        };
        throw new Error(ts.formatDiagnostics(diagnostics, host));
    }
    return emitted;
}
