/**
 * Stands in for pulumi-cloudflare: one table of REST resources, with the requests of the official provider
 * (cloudflare/terraform-provider-cloudflare v5.19.1).
 */
import npmPackage from "@pulumi/cloudflare/package.json" with { type: "json" };
import type { CheckFailure, PropertyMap, ResourceProvider, Value } from "../../plugin/provider.ts";
import { type CloudflareClient, createClient } from "./client.ts";
import { cloudflareFunctions } from "./functions.ts";
import { restHandler } from "./handler.ts";
import { LostAnswers } from "./lostAnswer.ts";
import { access } from "./resources/access.ts";
import { devices } from "./resources/devices.ts";
import { tunnels } from "./resources/tunnels.ts";
import { zones } from "./resources/zones.ts";

/** Every type of resource, by its name. */
export const RESOURCES = { ...access, ...devices, ...tunnels, ...zones };

/** A provider of its own configuration; `environment` is the process's, but in tests. */
export function cloudflareProvider(
    environment: NodeJS.ProcessEnv = process.env,
    sleep?: (milliseconds: number) => Promise<unknown>,
): ResourceProvider {
    let client: CloudflareClient | undefined;
    const lostAnswers = new LostAnswers();
    const connect = () => {
        if (client === undefined) {
            throw new Error("the Cloudflare provider is not configured");
        }
        return client;
    };
    return {
        name: "cloudflare",
        version: npmPackage.version,
        secretConfig: ["apiKey", "apiToken", "apiUserServiceKey"],
        resources: Object.fromEntries(
            Object.entries(RESOURCES).map(([name, resource]) => [
                tokenOf(name),
                restHandler(resource, connect, lostAnswers),
            ]),
        ),
        functions: cloudflareFunctions(connect),
        checkConfig: ({ baseUrl }) => baseUrlFailures(baseUrl),
        configure: (config, { cancelled }) => {
            client = createClient({
                baseUrl: text(config, "baseUrl") ?? environment.CLOUDFLARE_BASE_URL,
                apiToken: text(config, "apiToken") ?? environment.CLOUDFLARE_API_TOKEN,
                apiKey: text(config, "apiKey") ?? environment.CLOUDFLARE_API_KEY,
                email: text(config, "email") ?? environment.CLOUDFLARE_EMAIL,
                apiUserServiceKey: text(config, "apiUserServiceKey") ?? environment.CLOUDFLARE_API_USER_SERVICE_KEY,
                offline: environment.SALLYPORT_OFFLINE === "1",
                cancelled,
                ...(sleep && { sleep }),
            });
        },
    };
}

export const createProvider = (): ResourceProvider => cloudflareProvider();

/** `cloudflare:index/dnsRecord:DnsRecord` for `DnsRecord`. */
function tokenOf(name: string): string {
    return `cloudflare:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

function text(config: PropertyMap, key: string): string | undefined {
    const value = config[key];
    return typeof value === "string" && value !== "" ? value : undefined;
}

function baseUrlFailures(baseUrl: Value | undefined): CheckFailure[] {
    return typeof baseUrl === "string" && !/^https?:\/\/[^/]/.test(baseUrl)
        ? [
              {
                  property: "baseUrl",
                  reason: `'${baseUrl}' is not a URL; write one like https://api.cloudflare.com/client/v4`,
              },
          ]
        : [];
}
