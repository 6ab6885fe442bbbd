import { cloudflareOrigins } from "../../exposure/cloudflare.ts";
import { exposureRule } from "../../exposure/opening.ts";

/** As for addresses in DNS: what Cloudflare connects to by itself has to listen for it. */
export const noOpenOriginBehindCloudflare = exposureRule({
    name: "no-open-origin-behind-cloudflare",
    description: "What Cloudflare forwards goes into a tunnel, never to a server that listens for it.",
    severity: "critical",
    remediationSteps:
        "Name tunnels as the origins of a load balancer's pool, and reach TCP services through Access instead of Spectrum.",
    checks: cloudflareOrigins,
});
