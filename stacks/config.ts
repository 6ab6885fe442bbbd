import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./config/environment.ts";
import { type ExposureConfig, parseExposure } from "./config/exposure.ts";
import { parseEnvironment } from "./config/parse.ts";

const NAMESPACE = "sallyport:";

/**
 * The environment of the stack that is being deployed. The only reader of `pulumi.Config` in the project.
 *
 * @throws ConfigError with every mistake of the stack file at once.
 */
export function loadEnvironment(): Environment {
    return environmentOf(pulumi.getStack(), stackFileValues());
}

/**
 * The environment that a labelled service's small stack belongs to, and what it is told of the service.
 *
 * @throws ConfigError with every mistake of the stack file.
 */
export function loadExposure(): { environment: Environment; exposure: ExposureConfig } {
    const { exposure: told, ...values } = stackFileValues();
    const exposure = parseExposure(told, `Pulumi.${pulumi.getStack()}.yaml`);
    return { environment: environmentOf(exposure.owner, { audiences: {}, ...values }), exposure };
}

/** The values of our namespace, by key. */
function stackFileValues(): Record<string, unknown> {
    const all = pulumi.runtime.allConfig();
    return Object.fromEntries(
        Object.keys(all)
            .filter((key) => key.startsWith(NAMESPACE))
            .map((key) => [key.slice(NAMESPACE.length), decode(all[key] ?? "")]),
    );
}

function environmentOf(stack: string, values: Record<string, unknown>): Environment {
    const ambientBaseUrl = new pulumi.Config("cloudflare").get("baseUrl") ?? process.env.CLOUDFLARE_BASE_URL;
    return parseEnvironment({
        stack,
        file: `Pulumi.${pulumi.getStack()}.yaml`,
        values,
        projectDir: pulumi.getRootDirectory(),
        secretsAreEncrypted: isSecret("identityProviders"),
        ...(ambientBaseUrl === undefined ? {} : { ambientBaseUrl }),
    });
}

/** `cloudflare:apiToken` of the stack file, which an explicit provider does not read by itself. Where it is not set, `CLOUDFLARE_API_TOKEN` counts. */
export function cloudflareApiToken(): pulumi.Output<string> | undefined {
    return new pulumi.Config("cloudflare").getSecret("apiToken");
}

/**
 * Whether anything in a value is encrypted in the stack file. Without a network nothing is decrypted: placeholders stand for secrets, and
 * whoever plans has read the file itself.
 */
function isSecret(key: string): boolean {
    // Exported by the SDK and left out of its types.
    const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
    return process.env.SALLYPORT_OFFLINE === "1" || isConfigSecret(`${NAMESPACE}${key}`);
}

/** The engine hands every value over as text: lists and maps as JSON, the rest as it stands. */
function decode(text: string): unknown {
    return /^[[{]/.test(text) ? JSON.parse(text) : text;
}
