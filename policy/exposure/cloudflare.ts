import { isTunnelName } from "../hostnames.ts";
import type { RuleConfig } from "../rule.ts";
import { at, shown, UNKNOWN } from "../values.ts";
import type { Check, Checks, Opening } from "./opening.ts";
import { isOneOf, isSet, valuesAt } from "./paths.ts";
import { allowedSources } from "./sources.ts";

/** Spectrum carries TCP and UDP to an origin, which has to listen for it (`@pulumi/cloudflare` 6.17). */
const spectrum: Check = (props) => {
    const openings: Opening[] = [];
    const instead = "Remove it and reach the service through a TCP application of Access.";
    if (isSet(at(props, "originDirects"))) {
        const origins = valuesAt(props, "originDirects[]").map(shown).join(", ");
        openings.push({ does: `leads to the origin ${origins}, which has to be open`, instead });
    }
    const name = at(props, "originDns", "name");
    if (typeof name === "string" && !isTunnelName(name)) {
        openings.push({ does: `leads to the origin ${shown(name)}, which has to be open`, instead });
    }
    return openings;
};

/**
 * A pool's origins are tunnels, or private addresses of a virtual network that a tunnel routes (`address` and
 * `virtualNetworkId` in the schema of `@pulumi/cloudflare` 6.17).
 */
const pool: Check = (props, config) => {
    if (isOneOf(at(props, "enabled"), [false])) return [];
    return valuesAt(props, "origins[]").flatMap((origin, index) => {
        const address = at(origin, "address");
        if (origin === UNKNOWN || isOneOf(at(origin, "enabled"), [false]) || leadsInside(origin, config)) return [];
        return [
            {
                does: `leads to ${shown(address)} (\`origins[${index}]\`), which has to be open`,
                instead: "Write `<tunnel id>.cfargotunnel.com`, or a private address with its `virtualNetworkId`.",
            },
        ];
    });
};

function leadsInside(origin: unknown, config: RuleConfig): boolean {
    const address = at(origin, "address");
    // What is about to be made may be a tunnel as well as a server: the update tells.
    if (typeof address !== "string") return true;
    return isTunnelName(address) || (isSet(at(origin, "virtualNetworkId")) && allowedSources(config)(address));
}

/** Cloudflare products beside DNS that publish an origin. */
export const cloudflareOrigins: Checks = {
    "cloudflare:index/spectrumApplication:SpectrumApplication": spectrum,
    "cloudflare:index/loadBalancerPool:LoadBalancerPool": pool,
};
