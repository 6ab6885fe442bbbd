import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";
import type { z } from "zod";
import { federationNodes } from "../../../components/interconnect/federation/intentions.ts";
import { federationProblems } from "../../../components/interconnect/federation/problems.ts";
import type { Federation, FederationNode } from "../../../components/interconnect/federation.ts";
import { ConfigError } from "../configError.ts";
import { describeIssues } from "../issues.ts";
import { configSection } from "../stackFile.ts";
import { federationOf } from "./issues.ts";
import { federationShape, stackFederation } from "./schema.ts";

export { type Federation, type FederationNode, federationNodes };

/** The key of a stack file that a federation stands at. */
const KEY = "sallyport:federation";

/**
 * Reads a federation: from a file of its own, YAML or JSON, or from a stack's.
 *
 * @param source path of a file, or the name of a stack.
 * @throws ConfigError with every mistake at once, also where there is none to read.
 */
export function readFederation(projectDir: string, source: string): Federation {
    const file = resolve(source);
    if (existsSync(file)) return checked(source, federationShape, readYaml(file, source), "");
    const stackFile = `Pulumi.${source}.yaml`;
    if (/[/.]/.test(source) || !existsSync(resolve(projectDir, stackFile))) {
        const reason =
            "is neither a file nor a stack of this project. Write the path of a federation's file, or the name of a stack.";
        throw new ConfigError(source, [{ path: source, reason }]);
    }
    const value = configSection(projectDir, stackFile, source)[KEY];
    if (value !== undefined) return checked(stackFile, stackFederation, value, KEY);
    const reason =
        "is missing. Write the federation's sites, services and intentions there, or name a file of its own.";
    throw new ConfigError(stackFile, [{ path: KEY, reason }]);
}

function readYaml(file: string, source: string): unknown {
    try {
        return parse(readFileSync(file, "utf8"));
    } catch (error) {
        const reason = error instanceof YAMLParseError ? `is not YAML: ${error.message}` : `cannot be read: ${error}`;
        throw new ConfigError(source, [{ path: source, reason }]);
    }
}

function checked(
    file: string,
    schema: typeof federationShape | typeof stackFederation,
    value: unknown,
    path: string,
): Federation {
    const result: z.ZodSafeParseResult<Federation> = schema.safeParse(value, { reportInput: true });
    const root = { path: path === "" ? "" : `${path}.`, keys: Object.keys(schema.shape), owner: "a federation" };
    if (!result.success) throw new ConfigError(file, describeIssues(result.error.issues, root));
    const federation = federationOf(result.data);
    const problems = federationProblems(federation, path);
    if (problems.length === 0) return federation;
    throw new ConfigError(
        file,
        problems.map((problem) => ({ ...problem, path: problem.path.replace(/^\./, "") })),
    );
}
