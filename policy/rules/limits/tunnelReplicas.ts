import { serviceLaunch } from "../../containers.ts";
import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at } from "../../values.ts";

/** Connectors of one tunnel (developers.cloudflare.com/cloudflare-one/account-limits). */
const MOST = 25;

/** Each connector beyond is refused, restarts, and is refused again. */
export const tunnelReplicas: ResourceRule = {
    name: "tunnel-replicas-are-within-limits",
    description: "A tunnel has no more connectors than Cloudflare takes.",
    severity: "medium",
    remediationSteps: "Set `mode.replicated.replicas` to 25 or less; two are enough for a rolling update.",
    type: Token.service,
    judge: (service) => {
        const { subject, image } = serviceLaunch(service);
        const replicas = at(service.props, "mode", "replicated", "replicas");
        if (!/(^|\/)cloudflared([:@]|$)/.test(image ?? "") || typeof replicas !== "number" || replicas <= MOST)
            return [];
        return [
            {
                wrong: `${subject} runs ${replicas} connectors of a tunnel, and Cloudflare takes ${MOST}.`,
                instead: "Set `mode.replicated.replicas` to 25 or less.",
            },
        ];
    },
};
