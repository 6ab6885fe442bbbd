import type { ProviderIngressRule } from "./ingressRule.ts";

/**
 * The file from which a locally managed connector takes its rules (`cloudflared tunnel --config`). It is JSON, which every reader of YAML takes,
 * and which the policy pack can read without one.
 */
export function ingressFile(tunnelId: string, rules: readonly ProviderIngressRule[]): string {
    return `${JSON.stringify({ tunnel: tunnelId, ingress: rules.map(inFile) }, null, 2)}\n`;
}

/** Seconds in the API, text with a unit in the file (cloudflared, `config/configuration.go`). */
const DURATIONS: ReadonlySet<string> = new Set(["connectTimeout", "tlsTimeout", "tcpKeepAlive", "keepAliveTimeout"]);

/** Settings that the file spells in another way than the provider. */
const SPELLING: Readonly<Record<string, string>> = { matchSnItoHost: "matchSNItoHost" };

function inFile({ originRequest, ...rule }: ProviderIngressRule): object {
    if (originRequest === undefined) return rule;
    const { access, ...settings } = originRequest;
    const written = Object.entries(settings)
        .filter(([, value]) => value !== undefined)
        .map(([key, value]) => [SPELLING[key] ?? key, DURATIONS.has(key) ? `${value}s` : value]);
    const { audTags, ...demands } = access ?? {};
    return {
        ...rule,
        originRequest: {
            ...Object.fromEntries(written),
            ...(access === undefined ? {} : { access: { ...demands, audTag: audTags } }),
        },
    };
}
