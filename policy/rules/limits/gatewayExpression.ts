import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, text } from "../../values.ts";

/** Characters of an expression (developers.cloudflare.com/cloudflare-one/account-limits). */
const MOST = 140_000;

export const gatewayExpressionIsShort: ResourceRule = {
    name: "gateway-expression-is-within-limits",
    description: "An expression of a Gateway policy is no longer than Cloudflare takes.",
    severity: "medium",
    remediationSteps: "Put the values into a Gateway list and write `in $<list id>`.",
    type: Token.gatewayPolicy,
    judge: ({ name, props }) =>
        ["traffic", "identity", "devicePosture"].flatMap((property) => {
            const length = text(at(props, property))?.length ?? 0;
            if (length <= MOST) return [];
            return [
                {
                    wrong: `Gateway policy '${name}' has a '${property}' of ${length} characters, and Cloudflare takes ${MOST}.`,
                    instead: "Put the values into a Gateway list.",
                },
            ];
        }),
};
