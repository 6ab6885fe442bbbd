import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { projectDir } from "../../../cli/project.ts";
import { ConfigError } from "../../../stacks/config/configError.ts";
import { parseEnvironment } from "../../../stacks/config/parse.ts";
import type { Snippet } from "./snippets.ts";

const PREFIX = "sallyport:";

/** What a reader's stack file has already: the example that the project ships, without its apps, and the audience of a new project. */
const { apps: _, ...shipped } = keysOf(parse(readFileSync(join(projectDir, "Pulumi.staging.yaml"), "utf8")).config);
const audiences = { ...(shipped.audiences as object), people: { emailDomains: ["example.com"] } };

/** What is wrong with a block of YAML, by the line of the block; keys of a stack file are checked as the program checks them. */
export function yamlMistakes({ file, line, code }: Snippet): string[] {
    try {
        const document: unknown = parse(code);
        const values = keysOf(document);
        if (Object.keys(values).length > 0) {
            parseEnvironment({ stack: "staging", file, projectDir, values: { ...shipped, audiences, ...values } });
        }
        return [];
    } catch (error) {
        if (error instanceof YAMLParseError) return [`${file}:${line}: ${error.message}`];
        if (error instanceof ConfigError)
            return error.issues.map(({ path, reason }) => `${file}:${line}: ${path} ${reason}`);
        throw error;
    }
}

function keysOf(document: unknown): Record<string, unknown> {
    const own = Object.entries((document ?? {}) as object).filter(([key]) => key.startsWith(PREFIX));
    return Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), value]));
}
