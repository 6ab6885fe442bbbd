import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, shown, text } from "../../values.ts";

/**
 * Addresses that lead nowhere. Cloudflare recommends them for proxied names that a redirect or a Worker answers
 * (developers.cloudflare.com/dns/troubleshooting/faq, originless setups): the discard prefix of RFC 6666 and
 * TEST-NET-1 of RFC 5737.
 */
const NOWHERE = /^(100::[0-9a-f]{0,4}|192\.0\.2\.\d{1,3})$/i;

/**
 * An address record names an origin. Proxied, the origin must accept connections from Cloudflare; unproxied, from
 * everybody: an inbound port either way.
 */
export const noOriginAddress: ResourceRule = {
    name: "no-origin-address-in-dns",
    description: "A host name is published as a CNAME to its tunnel, never as an address.",
    severity: "critical",
    remediationSteps:
        "Replace the A or AAAA record by a proxied CNAME to `<tunnel id>.cfargotunnel.com` and serve the name through the tunnel's ingress.",
    type: Token.dnsRecord,
    judge: ({ name, props }) => {
        const type = text(at(props, "type"))?.toUpperCase();
        if (type !== "A" && type !== "AAAA") return [];
        const record = at(props, "name");
        const content = at(props, "content");
        // What is not known yet is some resource's address: only an address that is known to lead nowhere excuses.
        if (typeof content === "string" && NOWHERE.test(content) && isOn(at(props, "proxied"))) return [];
        return [
            {
                wrong: `DNS record '${name}' publishes ${shown(record)} as the address ${shown(content)} (${type}).`,
                instead: "Write a proxied CNAME to `<tunnel id>.cfargotunnel.com`.",
                ...(typeof record === "string" && { hostname: record }),
            },
        ];
    },
};
