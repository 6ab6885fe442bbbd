/**
 * Stands in for pulumi-consul: one table of resources, those that the components use, with the requests of the official provider
 * (hashicorp/terraform-provider-consul). Unlike the official one it takes over nothing that is there already, and a peering token's
 * end of the peering goes with it.
 */
import npmPackage from "@pulumi/consul/package.json" with { type: "json" };
import { isObject, type PropertyMap, type ProviderFunction, type ResourceProvider } from "../../plugin/provider.ts";
import { type ConsulClient, createConsulClient } from "./client.ts";
import { consulHandler } from "./handler.ts";
import { acl } from "./resources/acl.ts";
import { configEntries } from "./resources/configEntry.ts";
import { peerings } from "./resources/peering.ts";

const RESOURCES = { ...acl, ...configEntries, ...peerings };

/** A provider of its own configuration; `environment` is the process's, but in tests. */
export function consulProvider(
    environment: NodeJS.ProcessEnv = process.env,
    sleep?: (milliseconds: number) => Promise<unknown>,
): ResourceProvider {
    let client: ConsulClient | undefined;
    const connect = () => {
        if (client === undefined) throw new Error("the Consul provider is not configured");
        return client;
    };
    return {
        name: "consul",
        version: npmPackage.version,
        secretConfig: ["httpAuth", "keyPem", "token"],
        resources: Object.fromEntries(
            Object.entries(RESOURCES).map(([name, resource]) => [tokenOf(name), consulHandler(resource, connect)]),
        ),
        functions: { "consul:index/getAclTokenSecretId:getAclTokenSecretId": tokenSecret(connect) },
        configure: (config, { cancelled }) => {
            client = createConsulClient({
                address: text(config, "address") ?? environment.CONSUL_HTTP_ADDR,
                scheme: text(config, "scheme") ?? (environment.CONSUL_HTTP_SSL === "true" ? "https" : undefined),
                token: text(config, "token") ?? environment.CONSUL_HTTP_TOKEN,
                caPem: text(config, "caPem"),
                caFile: text(config, "caFile") ?? environment.CONSUL_CACERT,
                offline: environment.SALLYPORT_OFFLINE === "1",
                cancelled,
                ...(sleep && { sleep }),
            });
        },
    };
}

/** One for each run, since each has its own configuration. */
export const createProvider = (): ResourceProvider => consulProvider();

/** `consul:index/aclToken:AclToken` for `AclToken`. */
function tokenOf(name: string): string {
    return `consul:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** The state of a token has no secret, so that it is only where it is asked for. */
function tokenSecret(connect: () => ConsulClient): ProviderFunction {
    return async (args) => {
        const accessorId = String(args.accessorId);
        const token = await connect().request({ method: "GET", path: `acl/token/${accessorId}` });
        const secretId = isObject(token) ? token.SecretID : undefined;
        if (typeof secretId !== "string" || /^<hidden>$/.test(secretId)) {
            throw new Error(
                `Consul does not tell the secret of the token ${accessorId}; use a token that has acl:write`,
            );
        }
        return {
            outputs: { ...args, id: accessorId, secretId, encryptedSecretId: "" },
            secrets: ["secretId"],
        };
    };
}

function text(config: PropertyMap, key: string): string | undefined {
    const value = config[key];
    return typeof value === "string" && value !== "" ? value : undefined;
}
