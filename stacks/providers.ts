import { Provider as CloudflareProvider } from "@pulumi/cloudflare/provider.js";
import { Provider as DockerProvider } from "@pulumi/docker/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "./config/environment.ts";

/**
 * Cloudflare's API, real or emulated.
 *
 * @param apiToken what it is asked with; `CLOUDFLARE_API_TOKEN` where omitted.
 */
export function cloudflareProvider(
    { emulator }: Pick<Environment, "emulator">,
    apiToken?: pulumi.Input<string>,
): CloudflareProvider {
    return new CloudflareProvider("cloudflare", {
        ...(emulator === undefined ? {} : { baseUrl: emulator.apiBaseUrl }),
        ...(apiToken !== undefined && { apiToken }),
    });
}

/** The environment's Docker engine. */
export function dockerProvider({ dockerHost }: Pick<Environment, "dockerHost">): DockerProvider {
    return new DockerProvider("docker", dockerHost === undefined ? {} : { host: dockerHost });
}
