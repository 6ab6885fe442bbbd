import { isPrivate, rangeOf } from "../../addresses.ts";
import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, shown, text } from "../../values.ts";

/** A public range in a tunnel's routes leads every device's traffic to somebody else's addresses through one connector. */
export const routeIsPrivate: ResourceRule = {
    name: "private-route-is-private",
    description: "A tunnel's route leads to private addresses only.",
    severity: "high",
    remediationSteps: "Route the private range of your own network: within RFC 1918, RFC 6598 or, for IPv6, RFC 4193.",
    type: Token.privateRoute,
    judge: ({ name, props }) => {
        const network = text(at(props, "network"));
        const range = network === undefined ? undefined : rangeOf(network);
        if (network === undefined || (range !== undefined && isPrivate(range))) return [];
        return [
            {
                wrong: `Route '${name}' leads ${shown(network)} into a tunnel, which is not private.`,
                instead: "Write the private range of your own network.",
            },
        ];
    },
};
