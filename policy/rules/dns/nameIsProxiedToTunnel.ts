import { isServiceName, isTunnelName, isWithin } from "../../hostnames.ts";
import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, knownItems, shown, text, UNKNOWN } from "../../values.ts";

/**
 * A CNAME that bypasses Cloudflare's proxy answers with the target itself: no Access, no certificate, and for a
 * tunnel no service at all. One to something other than a tunnel publishes a server that must listen for it.
 *
 * Records of other kinds (TXT, MX, CAA, NS, …) carry no traffic and are left alone, and so are unproxied names with an
 * underscored label, which are looked up by machines (mail keys, certificate challenges).
 */
export const nameIsProxiedToTunnel: ResourceRule = {
    name: "dns-name-is-proxied-to-tunnel",
    description: "A CNAME leads to a tunnel, through Cloudflare's proxy.",
    severity: "high",
    remediationSteps:
        "Set `content` to `<tunnel id>.cfargotunnel.com` and `proxied` to true. List a third party's domain in `allowedTargets` if the name is theirs to serve.",
    configSchema: {
        allowedTargets: {
            description: "Domains of third parties that names may lead to, proxied or not, such as `pages.dev`.",
            type: "array",
            items: { type: "string" },
            default: [],
        },
    },
    type: Token.dnsRecord,
    judge: ({ name, props }, config) => {
        if (text(at(props, "type"))?.toUpperCase() !== "CNAME") return [];
        const record = at(props, "name");
        const proxied = at(props, "proxied");
        if (typeof record === "string" && isServiceName(record) && !isOn(proxied)) return [];
        const hostname = typeof record === "string" ? { hostname: record } : {};

        const allowed = knownItems(config.allowedTargets).filter((target) => typeof target === "string");
        const target = at(props, "content");
        if (typeof target === "string") {
            if (allowed.some((domain) => isWithin(target, domain))) return [];
            if (!isTunnelName(target)) {
                return [
                    {
                        wrong: `DNS record '${name}' sends ${shown(record)} to ${shown(target)}, which is no tunnel.`,
                        instead: "Write `<tunnel id>.cfargotunnel.com`, or list its domain in `allowedTargets`.",
                        ...hostname,
                    },
                ];
            }
        } else if (allowed.length > 0) {
            // It may turn out to be an allowed one. Without a list, an unproxied name is wrong wherever it leads.
            return [];
        }
        if (isOn(proxied) || proxied === UNKNOWN) return [];
        return [
            {
                wrong: `DNS record '${name}' publishes ${shown(record)} past Cloudflare's proxy: 'proxied' is ${shown(proxied)}.`,
                instead: "Set `proxied` to true (and `ttl` to 1).",
                ...hostname,
            },
        ];
    },
};
