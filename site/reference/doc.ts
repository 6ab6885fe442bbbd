import ts from "typescript";
import { fence } from "./page.ts";

/** What a doc comment says. */
export interface Doc {
    /** The text, in Markdown, with each `@example` as a block of code where it stands; empty where nothing is said. */
    readonly text: string;
    /** Code of each `@example`. */
    readonly examples: readonly Example[];
    /** What the last `@throws` says. */
    readonly throws: string | undefined;
}

export interface Example {
    readonly code: string;
    /** Line of its first line in the file, from 1. */
    readonly line: number;
}

/** Reads the comment before a declaration. `linkTo` makes a link of the name in a `{@link …}`. */
export function docOf(node: ts.Node, linkTo: (name: string) => string): Doc {
    const parts: string[] = [];
    const examples: Example[] = [];
    let throws: string | undefined;
    for (const comment of ts.getJSDocCommentsAndTags(node)) {
        if (!ts.isJSDoc(comment)) continue;
        parts.push(plain(comment.comment, linkTo));
        for (const tag of comment.tags ?? []) {
            if (tag.tagName.text === "throws") throws = plain(tag.comment, linkTo);
            if (tag.tagName.text !== "example") continue;
            // The code ends with the first empty line: what follows explains more, up to the next example.
            const [code = "", ...more] = plain(tag.comment, linkTo)
                .trim()
                .split(/\n\s*\n/);
            examples.push({ code, line: lineOf(tag, code) });
            parts.push(fence("ts", code), ...more);
        }
    }
    return { text: parts.filter((part) => part !== "").join("\n\n"), examples, throws };
}

function lineOf(tag: ts.JSDocTag, code: string): number {
    const file = tag.getSourceFile();
    const start = file.text.indexOf(code.split("\n", 1)[0] ?? "", tag.getStart());
    return file.getLineAndCharacterOfPosition(start).line + 1;
}

function plain(comment: string | ts.NodeArray<ts.JSDocComment> | undefined, linkTo: (name: string) => string): string {
    if (comment === undefined) return "";
    if (typeof comment === "string") return comment;
    return comment
        .map((part) => ("name" in part && part.name !== undefined ? linkTo(part.name.getText()) : part.text))
        .join("");
}
