import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { ConfigError } from "./configError.ts";
import type { Environment } from "./environment.ts";
import { parseEnvironment } from "./parse.ts";

/**
 * Reads and checks `Pulumi.<stack>.yaml` without the engine, so that a mistake is known before anything starts.
 * Encrypted values stand as opaque text: they are never decrypted here.
 *
 * @throws ConfigError with every mistake at once, also where the file is missing or is not YAML.
 */
export function readStackFile(
    projectDir: string,
    stack: string,
    {
        environment = process.env,
        readEmulator = true,
    }: { environment?: NodeJS.ProcessEnv; readEmulator?: boolean } = {},
): Environment {
    const file = `Pulumi.${stack}.yaml`;
    const config = configSection(projectDir, file, stack);
    const values = Object.fromEntries(
        Object.entries(config)
            .filter(([key]) => key.startsWith("sallyport:"))
            .map(([key, value]) => [key.slice("sallyport:".length), value]),
    );
    const configured = config["cloudflare:baseUrl"];
    const ambientBaseUrl = typeof configured === "string" ? configured : environment.CLOUDFLARE_BASE_URL;
    return parseEnvironment({
        stack,
        file,
        values,
        projectDir,
        readEmulator,
        ...(ambientBaseUrl === undefined ? {} : { ambientBaseUrl }),
    });
}

/** The keys of a stack file, as they are written.
 *
 * @throws ConfigError where the file is missing or is no such file.
 */
export function configSection(projectDir: string, file: string, stack: string): Record<string, unknown> {
    let text: string;
    try {
        text = readFileSync(join(projectDir, file), "utf8");
    } catch {
        const reason = existsSync(join(projectDir, "Pulumi.yaml"))
            ? `"${stack}" has no file ${file} in this project. Create it or name another stack.`
            : `"${stack}" has no project: neither this folder nor one above has a Pulumi.yaml. Go to the project's folder, or make one with \`npx sallyport init\`.`;
        throw new ConfigError(file, [{ path: "stack", reason }]);
    }
    let document: unknown;
    try {
        document = parse(text);
    } catch (error) {
        const reason = error instanceof YAMLParseError ? error.message : String(error);
        throw new ConfigError(file, [{ path: file, reason: `is not YAML: ${reason}` }]);
    }
    const config = (document as { config?: unknown } | null)?.config ?? {};
    if (typeof config !== "object" || config === null || Array.isArray(config)) {
        throw new ConfigError(file, [{ path: "config", reason: "is not a map. Write the keys below `config:`." }]);
    }
    return config as Record<string, unknown>;
}
