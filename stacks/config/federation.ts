import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { federationNodes } from "../../components/interconnect/federation/intentions.ts";
import { federationProblems } from "../../components/interconnect/federation/problems.ts";
import { type Federation, type FederationNode, FederationProtocol } from "../../components/interconnect/federation.ts";
import { ConfigError } from "./configError.ts";
import { describeIssues } from "./issues.ts";
import { configSection } from "./stackFile.ts";

export { type Federation, type FederationNode, federationNodes };

const text = z.string();
const node = z.strictObject({
    name: text,
    address: text.optional(),
    roaming: z.boolean().optional(),
    relay: z.boolean().optional(),
});
const site = z.strictObject({
    name: text,
    owner: text,
    nat: z.boolean().optional(),
    ipv6Prefix: text.optional(),
    egress: z.array(text).optional(),
    nodes: z.array(node),
});
const service = z.strictObject({
    name: text,
    site: text,
    nodes: z.array(text),
    port: z.int().optional(),
    protocol: z.enum(Object.values(FederationProtocol)).optional(),
});
const intention = z.strictObject({ from: text, to: text, port: z.int().optional() });

/** The form of a federation as it is written in YAML; what it says is for `federationProblems` to judge. */
export const federationSchema = z.strictObject({
    name: text,
    domain: text.optional(),
    sites: z.array(site),
    services: z.array(service),
    intentions: z.array(intention),
});

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
    if (existsSync(file)) return checked(source, readYaml(file, source), "");
    const stackFile = `Pulumi.${source}.yaml`;
    if (/[/.]/.test(source) || !existsSync(resolve(projectDir, stackFile))) {
        const reason =
            "is neither a file nor a stack of this project. Write the path of a federation's file, or the name of a stack.";
        throw new ConfigError(source, [{ path: source, reason }]);
    }
    const value = configSection(projectDir, stackFile, source)[KEY];
    if (value !== undefined) return checked(stackFile, value, KEY);
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

function checked(file: string, value: unknown, path: string): Federation {
    const result = federationSchema.safeParse(value, { reportInput: true });
    const root = {
        path: path === "" ? "" : `${path}.`,
        keys: Object.keys(federationSchema.shape),
        owner: "a federation",
    };
    const issues = result.success
        ? federationProblems(result.data as Federation, path).map((issue) => ({
              ...issue,
              path: issue.path.replace(/^\./, ""),
          }))
        : describeIssues(result.error.issues, root);
    if (issues.length > 0) throw new ConfigError(file, issues);
    return result.data as Federation;
}
