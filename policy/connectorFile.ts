import { at, items } from "./values.ts";

/** The rules in the file of a locally managed connector, which is JSON as TunnelIngress writes it; none in a text that is something else. */
export function rulesInFile(file: string): readonly unknown[] {
    if (!file.trimStart().startsWith("{")) return [];
    try {
        const document: unknown = JSON.parse(file);
        const rules = at(document, "tunnel") === undefined ? [] : items(at(document, "ingress"));
        return Array.isArray(rules) ? rules : [];
    } catch (error) {
        // Whatever else starts with a brace is no file of a connector's.
        if (error instanceof SyntaxError) return [];
        throw error;
    }
}
