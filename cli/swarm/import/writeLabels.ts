import { diffArrays } from "diff";
import { type Document, isMap, isPair, isScalar, isSeq, type Scalar, YAMLMap } from "yaml";
import { type ComposeFile, labelsIn } from "./composeFile.ts";
import { entriesOf, mapOf, textOf } from "./composeNodes.ts";
import type { Findings } from "./source.ts";
import type { TranslatedService } from "./translate.ts";

/** The file with the labels of its services in place of those that they were read from; services that stay shut are left as they are. */
export function writtenAnew(file: ComposeFile, services: readonly TranslatedService[]): string {
    const { document, text } = file;
    for (const one of services) {
        if (Object.keys(one.labels).length > 0) relabel(document, one);
    }
    return withOldSpaces(text, document.toString({ lineWidth: 0, ...formatOf(text) }));
}

/** Lines that differ in their spaces alone are those of before: the writer has a taste of its own in brackets and before comments. */
function withOldSpaces(before: string, after: string): string {
    const [old, anew] = [before, after].map((text) => text.split("\n")) as [string[], string[]];
    const squeezed = (line: string) => line.replace(/\s/g, "");
    const lines: string[] = [];
    let at = 0;
    for (const { added, removed, count, value } of diffArrays(old, anew, {
        comparator: (one, other) => squeezed(one) === squeezed(other),
    })) {
        lines.push(...(added ? value : removed ? [] : old.slice(at, at + count)));
        if (!added) at += count;
    }
    return lines.join("\n");
}

/** What of the file's formatting the writer has a choice about. */
function formatOf(text: string): { indent: number; indentSeq: boolean } {
    const [, indent = "  "] = /^( +)[\w"'-]/m.exec(text) ?? [];
    const [, outer = "", inner = "  "] = /^( *)[\w"'.-]+:[ \t]*(?:#.*)?\n( *)- /m.exec(text) ?? [];
    return {
        indent: Math.max(2, indent.length),
        indentSeq: inner.length > outer.length,
    };
}

function relabel(document: Document, { service, labels, replaced, findings }: TranslatedService): void {
    const node = mapOf(document.getIn(["services", service.name], true), document);
    if (node === undefined) return;
    const gone = new Set(replaced);
    const comments = removeLabels(document, node, gone, findings);
    const deploy = ownDeploy(document, node);
    const existing = deploy.get("labels", true);
    if (isMap(existing)) {
        for (const [name, value] of Object.entries(labels)) existing.set(name, quoted(document, value));
    } else if (isSeq(existing)) {
        for (const [name, value] of Object.entries(labels)) existing.add(document.createNode(`${name}=${value}`));
    } else {
        const inherited = labelsIn(entriesOf(deploy, document).get("labels")?.node, document);
        const kept = inherited.filter(({ name }) => !gone.has(name)).map(({ name, value }) => [name, value] as const);
        const all = new YAMLMap();
        for (const [name, value] of [...kept, ...Object.entries(labels)]) {
            all.add(document.createPair(name, quoted(document, value)));
        }
        deploy.set("labels", all);
    }
    keepComments(deploy.get("labels", true), comments);
}

/** What was written beside labels that are gone stands above ours. */
function keepComments(labels: unknown, comments: readonly string[]): void {
    if (comments.length === 0 || (!isMap(labels) && !isSeq(labels))) return;
    const first = (labels.items as unknown[]).find((item) => /^sallyport\./.test(firstText(item)));
    const node = isPair(first) ? first.key : first;
    if (isScalar(node)) node.commentBefore = [node.commentBefore, ...comments].filter(Boolean).join("\n");
}

function firstText(item: unknown): string {
    const node = isPair(item) ? item.key : item;
    return isScalar(node) ? String(node.value) : "";
}

function commentsOf(item: unknown): string[] {
    const nodes = isPair(item) ? [item.key, item.value] : [item];
    return nodes
        .flatMap((node) => (isScalar(node) ? [node.commentBefore, node.comment] : []))
        .filter((text) => !!text) as string[];
}

/** Labels are texts, and YAML would read `true` and `8080` as something else. */
function quoted(document: Document, value: string): Scalar {
    const node = document.createNode(value) as Scalar;
    node.type = "QUOTE_DOUBLE";
    return node;
}

/** The service's own `deploy`, one that merges what it shares with others where it was only a reference. */
function ownDeploy(document: Document, node: YAMLMap): YAMLMap {
    const deploy = node.get("deploy", true);
    if (isMap(deploy)) return deploy;
    const own = new YAMLMap();
    const shared = entriesOf(node, document).get("deploy")?.node;
    if (shared !== undefined && mapOf(shared, document) !== undefined) {
        const target = document.createAlias(mapOf(shared, document) as YAMLMap, "deploy");
        own.add(document.createPair("<<", target));
    }
    node.set("deploy", own);
    return own;
}

/** What comes through an anchor is others' as well, and stays. */
function removeLabels(document: Document, node: YAMLMap, gone: ReadonlySet<string>, findings: Findings): string[] {
    const removed = new Set<string>();
    const comments: string[] = [];
    const deploy = node.get("deploy", true);
    for (const parent of [node, ...(isMap(deploy) ? [deploy] : [])]) {
        const labels = parent.get("labels", true);
        if (!isMap(labels) && !isSeq(labels)) continue;
        const [first] = labels.items as unknown[];
        // The parser hands what stands above a list to the list itself.
        const above = labels.commentBefore;
        const nameOf = (item: unknown) =>
            isPair(item) ? textOf(item.key, document) : /^[^=]*/.exec(textOf(item, document) ?? "")?.[0];
        const kept = (labels.items as unknown[]).filter((item) => {
            const name = nameOf(item);
            if (name === undefined || !gone.has(name)) return true;
            removed.add(name);
            comments.push(...(item === first && above ? [above] : []), ...commentsOf(item));
            return false;
        });
        if (kept.length < labels.items.length && kept[0] !== first) labels.commentBefore = null;
        if (kept.length === 0 && parent === node) parent.delete("labels");
        else labels.items = kept as typeof labels.items;
    }
    const left = [...gone].filter((name) => !removed.has(name));
    if (left.length > 0) {
        findings.note(
            `shares ${left.join(", ")} with others through an anchor, so that they stay; remove them by hand`,
        );
    }
    return comments;
}
