import { readFileSync } from "node:fs";
import { z } from "zod";
import { SECRET, SIGNATURE } from "../engine/marks.ts";
import type { ExportedState } from "../engine/state.ts";
import { CommandError, Exit } from "../exit.ts";
import { PLACEHOLDER } from "./placeholder.ts";

/** Format of `pulumi stack export` since Pulumi 1.0 (`apitype.DeploymentV3`); the only one that engines write today. */
const VERSION = 3;

const exported = z.looseObject({
    version: z.literal(VERSION, `is not ${VERSION}, the version that this engine reads`),
    deployment: z.looseObject({
        resources: z.array(z.looseObject({ urn: z.string(), type: z.string() })).optional(),
    }),
});

/**
 * Reads a state that `pulumi stack export --file FILE` wrote: encrypted values become a placeholder, so that nobody needs what decrypts them.
 *
 * @throws CommandError (exit 2) where the file is no exported state of that stack.
 */
export function readRecordedState(file: string, stack: string): ExportedState {
    const { version, deployment } = parsed(file);
    const { secrets_providers: _, resources = [], ...rest } = deployment;
    const foreign = resources.find(({ urn }) => urn.split("::")[0] !== `urn:pulumi:${stack}`);
    if (foreign !== undefined) {
        throw refusal(file, `is not of the stack ${stack}: it holds ${foreign.urn}`);
    }
    return {
        version,
        deployment: { ...rest, resources: withoutCiphertexts(resources) as typeof resources },
    };
}

function parsed(file: string): z.output<typeof exported> {
    let document: unknown;
    try {
        document = JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        throw refusal(file, `cannot be read as JSON: ${(error as Error).message}`);
    }
    const result = exported.safeParse(document);
    if (result.success) return result.data;
    const mistakes = result.error.issues.map(({ path, message }) => `${path.join(".") || "the document"} ${message}`);
    throw refusal(file, mistakes.join("; "));
}

function refusal(file: string, reason: string): CommandError {
    return new CommandError(
        Exit.usage,
        `--state ${file}: ${reason}`,
        `write one with \`npx pulumi stack export --stack STACK --file ${file}\``,
    );
}

/** Still secrets, of a value that is none. */
function withoutCiphertexts(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(withoutCiphertexts);
    if (typeof value !== "object" || value === null) return value;
    if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) {
        return { [SIGNATURE]: SECRET, plaintext: JSON.stringify(PLACEHOLDER) };
    }
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutCiphertexts(field)]));
}
