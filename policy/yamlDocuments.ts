import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * The documents of a YAML text; none of a text that is no YAML. The reader is loaded where there is something to read:
 * most stacks carry no such text, and each run of the pack would pay.
 */
export function yamlDocuments(text: string): readonly unknown[] {
    const { parseAllDocuments } = require("yaml") as typeof import("yaml");
    const documents = parseAllDocuments(text, { logLevel: "silent" });
    if (!Array.isArray(documents)) return [];
    return documents.flatMap((document) => (document.errors.length > 0 ? [] : [document.toJS() as unknown]));
}
