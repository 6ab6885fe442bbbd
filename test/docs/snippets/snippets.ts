import MarkdownIt from "markdown-it";
import ts from "typescript";
import { docOf } from "../../../site/reference/doc.ts";

/** Code that a reader may copy. */
export interface Snippet {
    readonly file: string;
    /** Line of its first line, from 1. */
    readonly line: number;
    /** What the block says that it is; `inline` for code in a sentence. */
    readonly language: string;
    readonly code: string;
    /** Why it is not checked: the words of `<!-- not checked: … -->` before it. */
    readonly exception?: string;
}

const EXCEPTION = /<!-- not checked:\s*(.*?)\s*-->/s;

const markdown = new MarkdownIt({ html: true });

/** The blocks of code in a page, and the code in its sentences. */
export function snippetsIn(file: string, page: string): Snippet[] {
    const tokens = markdown.parse(page, {});
    return tokens.flatMap(({ type, info, content, map, children }, place): Snippet[] => {
        const line = (map?.[0] ?? 0) + 1;
        if (type === "fence") {
            const before = tokens[place - 1];
            const exception = before?.type === "html_block" ? EXCEPTION.exec(before.content)?.[1] : undefined;
            const language = info.trim().split(/\s/)[0] ?? "";
            return [
                { file, line: line + 1, language, code: content, ...(exception === undefined ? {} : { exception }) },
            ];
        }
        return (children ?? [])
            .filter((child) => child.type === "code_inline")
            .map((child) => ({ file, line, language: "inline", code: child.content }));
    });
}

/** The examples in the doc comments of a source. */
export function examplesIn(file: string, source: string): Snippet[] {
    const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
    const snippets: Snippet[] = [];
    const visit = (node: ts.Node): void => {
        // What stands before a statement is told of the names in it as well.
        if (ts.isStatement(node) || ts.isClassElement(node)) {
            for (const { code, line } of docOf(node, String).examples)
                snippets.push({ file, line, language: "ts", code });
        }
        ts.forEachChild(node, visit);
    };
    visit(parsed);
    return snippets;
}
