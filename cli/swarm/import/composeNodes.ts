import {
    type Document,
    isAlias,
    isMap,
    isNode,
    isPair,
    isScalar,
    isSeq,
    type LineCounter,
    type YAMLMap,
    type Node as YamlNode,
} from "yaml";

/** A part of a YAML document, or what is not there. */
export type Node = unknown;

/** What an alias stands for. */
export function resolved(node: Node, document: Document): YamlNode | undefined {
    if (isAlias(node)) return node.resolve(document);
    return isNode(node) ? node : undefined;
}

export function mapOf(node: Node, document: Document): YAMLMap | undefined {
    const target = resolved(node, document);
    return isMap(target) ? target : undefined;
}

export function listOf(node: Node, document: Document): Node[] {
    const target = resolved(node, document);
    return isSeq(target) ? target.items : [];
}

/** The text of a scalar as it is written, so that `1.10` stays what it is; undefined for anything else, and for nothing. */
export function textOf(node: Node, document: Document): string | undefined {
    const target = resolved(node, document);
    if (!isScalar(target) || target.value === null) return undefined;
    return typeof target.value === "string" ? target.value : (target.source ?? String(target.value));
}

export function isNamed(node: Node, text: string): boolean {
    return isScalar(node) && (node.source ?? String(node.value)) === text;
}

/** Entries of a map by key, those of merged maps (`<<`) included where it has none of its own (yaml.org/type/merge.html). */
export function entriesOf(map: YAMLMap, document: Document): Map<string, { key: Node; node: Node }> {
    const entries = new Map<string, { key: Node; node: Node }>();
    const merged: Node[] = [];
    for (const pair of map.items) {
        if (!isPair(pair)) continue;
        const key = textOf(pair.key, document) ?? "";
        if (key === "<<") {
            const target = resolved(pair.value, document);
            merged.push(...(isSeq(target) ? target.items : [pair.value]));
        } else {
            entries.set(key, { key: pair.key, node: pair.value });
        }
    }
    for (const node of merged) {
        const source = mapOf(node, document);
        if (source === undefined) continue;
        for (const [key, entry] of entriesOf(source, document)) {
            if (!entries.has(key)) entries.set(key, entry);
        }
    }
    return entries;
}

export function lineOf(node: Node, lines: LineCounter | undefined): number | undefined {
    const start = isNode(node) ? node.range?.[0] : undefined;
    return start === undefined ? undefined : lines?.linePos(start).line;
}
