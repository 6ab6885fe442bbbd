import { standsBefore } from "../../access.ts";
import type { ResourceRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, items, shown, UNKNOWN } from "../../values.ts";

/**
 * An application without a policy lets nobody in, which is safe until somebody adds the first policy by hand: then
 * the stack no longer says who may enter.
 */
export const applicationHasPolicy: ResourceRule = {
    name: "access-application-has-policy",
    description: "An Access application says who may enter.",
    severity: "high",
    remediationSteps: "Set `policies` to at least one reusable policy: `[{ id: policy.id, precedence: 1 }]`.",
    type: Token.accessApplication,
    judge: ({ name, props }) => {
        const type = at(props, "type");
        if (type === UNKNOWN || !standsBefore(type)) return [];
        const policies = items(at(props, "policies"));
        if (policies === UNKNOWN || policies.length > 0) return [];
        return [
            {
                wrong: `Access application '${name}' for ${shown(at(props, "domain"))} has no policy.`,
                instead: "Write at least one in `policies`: { id: policy.id, precedence: 1 }.",
            },
        ];
    },
};
