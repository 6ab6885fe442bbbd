import { awsFirewalls } from "../../exposure/firewalls/aws.ts";
import { azureFirewalls } from "../../exposure/firewalls/azure.ts";
import { googleFirewalls } from "../../exposure/firewalls/google.ts";
import { hosterFirewalls } from "../../exposure/firewalls/hosters.ts";
import { exposureRule, joined } from "../../exposure/opening.ts";
import { allowedSourcesSchema } from "../../exposure/sources.ts";

/** A connector dials out, so a firewall before it has to let nobody in. Rules for outgoing traffic are left alone. */
export const noOpenFirewall = exposureRule({
    name: "no-open-firewall",
    description: "A firewall lets in nobody but private addresses.",
    severity: "critical",
    remediationSteps:
        "Remove the rule and reach the service through a tunnel, or list ranges that are yours in `allowedSources`.",
    configSchema: allowedSourcesSchema,
    checks: joined(awsFirewalls, googleFirewalls, azureFirewalls, hosterFirewalls),
});
