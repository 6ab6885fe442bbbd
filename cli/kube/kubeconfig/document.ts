import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import type { ListName } from "./entries.ts";

/** A kubeconfig that cannot be changed in its place; the message goes behind the file's name. */
export class UneditableKubeconfig extends Error {
    override readonly name = "UneditableKubeconfig";
}

/** A kubeconfig's text with the places in it. */
export interface KubeconfigText {
    readonly text: string;
    /** Undefined where the text holds nothing but comments. */
    readonly top: YAMLMap | undefined;
    /** The same as plain data, aliases and merges followed. */
    readonly data: Readonly<Record<string, unknown>>;
}

/** @throws UneditableKubeconfig when it is no single mapping, or no YAML. */
export function parseKubeconfig(text: string): KubeconfigText {
    const document = parseDocument(text, { keepSourceTokens: true, merge: true });
    const [error] = document.errors;
    if (error !== undefined) {
        throw new UneditableKubeconfig(
            error.code === "MULTIPLE_DOCS"
                ? "holds several YAML documents, of which kubectl reads the first alone; keep one"
                : `is not YAML that kubectl reads: ${error.message.split("\n")[0]}`,
        );
    }
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) {
        return { text, top: undefined, data: {} };
    }
    if (!isMap(contents)) {
        throw new UneditableKubeconfig("is no kubeconfig: its content is not a mapping");
    }
    return { text, top: contents, data: document.toJS() as Record<string, unknown> };
}

/** The pair of a key at the top; undefined where the key is not there. */
export function pairOf({ top }: KubeconfigText, key: string): Pair | undefined {
    return top?.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** The list under a key; undefined where it is not there or empty without brackets. */
export function sequenceOf(kubeconfig: KubeconfigText, list: ListName): YAMLSeq | undefined {
    const value = pairOf(kubeconfig, list)?.value;
    if (value === undefined || value === null || (isScalar(value) && value.value === null)) {
        return undefined;
    }
    if (!isSeq(value)) {
        throw new UneditableKubeconfig(`cannot be added to: "${list}" is written as something else than a list`);
    }
    return value;
}

/** Where the items of a list in lines begin: at their dashes. */
export function dashesOf(sequence: YAMLSeq): number[] {
    const token = sequence.srcToken;
    return token?.type !== "block-seq"
        ? []
        : token.items.flatMap(({ start }) =>
              start.filter(({ type }) => type === "seq-item-ind").map(({ offset }) => offset),
          );
}

/** Start and end of a node's own text. */
export function extentOf(node: unknown): readonly [number, number] {
    const [start, end] = (node as { range?: readonly number[] | null }).range ?? [];
    if (start === undefined || end === undefined) {
        throw new UneditableKubeconfig("cannot be changed in its place");
    }
    return [start, end];
}

/** Start of the line that `offset` is in, behind a byte order mark. @throws UneditableKubeconfig when something else stands before it there. */
export function indentedLineAt(text: string, offset: number): { start: number; indent: string } {
    const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
    const start = text.startsWith("\uFEFF", lineStart) ? lineStart + 1 : lineStart;
    const indent = text.slice(start, offset);
    if (!/^ *$/.test(indent)) {
        throw new UneditableKubeconfig(`cannot be changed in its place: "${indent}" stands before an entry`);
    }
    return { start, indent };
}

/** How its lines end. */
export function lineEndOf(text: string): "\n" | "\r\n" {
    return /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
}
