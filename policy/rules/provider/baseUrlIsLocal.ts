import { isIP } from "node:net";
import type { ResourceRule } from "../../rule.ts";
import { owningStack, stackOf } from "../../stackName.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems, shown, UNKNOWN } from "../../values.ts";

/**
 * Whoever sits at the provider's `baseUrl` receives the account's API token and answers in Cloudflare's name. Only
 * the emulator of the local stack may, on the machine itself.
 */
export const baseUrlIsLocal: ResourceRule = {
    name: "provider-base-url-only-in-local",
    description: "Only a local stack points the Cloudflare provider at another API, and only at one on loopback.",
    severity: "critical",
    remediationSteps: "Remove `baseUrl` from the provider (and `cloudflare:baseUrl` from the stack's configuration).",
    configSchema: {
        localStacks: {
            description: "Names of the stacks that run against the emulator.",
            type: "array",
            items: { type: "string" },
            default: ["local"],
        },
    },
    type: Token.cloudflareProvider,
    judge: ({ name, urn, props }, config) => {
        const url = at(props, "baseUrl");
        if (url === undefined || url === "") return [];
        const stack = stackOf(urn);
        if (!knownItems(config.localStacks ?? ["local"]).includes(owningStack(stack))) {
            return [
                {
                    wrong: `Provider '${name}' of stack '${stack}' talks to ${shown(url)} instead of Cloudflare.`,
                    instead: "Remove `baseUrl`; it belongs to the local stack alone.",
                },
            ];
        }
        if (url === UNKNOWN || (typeof url === "string" && isLoopback(url))) return [];
        return [
            {
                wrong: `Provider '${name}' of stack '${stack}' talks to ${shown(url)}, which is not on this machine.`,
                instead: 'Write a loopback address, such as "http://127.0.0.1:8787/client/v4".',
            },
        ];
    },
};

function isLoopback(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
    return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
