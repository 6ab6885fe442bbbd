import { contains, type Range, rangeOf } from "../../addresses.ts";
import type { Resource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, isOn, knownItems, shown, text, UNKNOWN } from "../../values.ts";

/**
 * Gateway lets through what no rule refuses, and Access does not stand before private routes: without a rule that blocks the range for
 * everybody, each device of the organisation reaches it.
 */
export const routeIsDeniedByDefault: StackRule = {
    name: "private-route-is-denied-by-default",
    description: "A Gateway rule refuses a private route to everybody whom no rule before it lets in.",
    severity: "critical",
    remediationSteps:
        'Declare a `ZeroTrustGatewayPolicy` with `action: "block"`, `filters: ["l4"]`, the range in `traffic` (`net.dst.ip in {…}`) and neither identity nor posture; a PrivateNetwork does so.',
    judgeStack: (resources) => {
        const policies = resources.filter(({ type }) => type === Token.gatewayPolicy);
        // Traffic that is not known yet names the virtual network, which is made in the same update.
        if (policies.some((policy) => blocksEverybody(policy) && at(policy.props, "traffic") === UNKNOWN)) return [];
        const refused = policies
            .filter(blocksEverybody)
            .flatMap(({ props }) => rangesIn(text(at(props, "traffic")) ?? ""));
        return resources
            .filter(({ type }) => type === Token.privateRoute)
            .flatMap((resource) => {
                const network = text(at(resource.props, "network"));
                const range = rangeOf(network ?? "");
                if (range === undefined || refused.some((outer) => contains(outer, range))) return [];
                return [
                    {
                        resource,
                        wrong: `Route '${resource.name}' opens ${shown(network)} to every device: no Gateway rule refuses it.`,
                        instead: `Declare a rule with action "block", filter "l4" and traffic "net.dst.ip in {${network}}", or use a PrivateNetwork.`,
                    },
                ];
            });
    },
};

/** Whether a rule refuses network traffic whoever asks, as far as that is known. */
function blocksEverybody({ props }: Resource): boolean {
    const asks = (key: string) => (text(at(props, key)) ?? "") !== "" || at(props, key) === UNKNOWN;
    return (
        at(props, "action") === "block" &&
        isOn(at(props, "enabled")) &&
        knownItems(at(props, "filters")).includes("l4") &&
        !asks("identity") &&
        !asks("devicePosture") &&
        at(props, "schedule") === undefined
    );
}

/**
 * The destinations that an expression refuses whatever else. Only the form `net.dst.ip in {…}`, alone or within a virtual network, is
 * certain: any other term might spare some traffic.
 */
function rangesIn(traffic: string): Range[] {
    const match = /^net\.dst\.ip in \{([^{}]*)\}( and net\.vnet_id == "[^"]*")?$/.exec(traffic.trim());
    return (match?.[1] ?? "").split(/\s+/).flatMap((word) => {
        const range = rangeOf(word);
        return range === undefined ? [] : [range];
    });
}
