import type { ResourceRule } from "../../rule.ts";
import { ComponentToken } from "../../tokens.ts";
import { at } from "../../values.ts";

const CURE =
    "Name what it may certify in `permitted`: its certificate then holds it to that, and other names are refused.";

/** Who gets hold of an authority's key can pass for any name to everybody who trusts it, unless its certificate says for which. */
export const authorityIsConstrained: ResourceRule = {
    name: "authority-is-constrained",
    description: "A certificate authority of the stack may certify some names only.",
    severity: "low",
    level: "advisory",
    remediationSteps: CURE,
    type: ComponentToken.MkcertCA,
    judge: ({ name, props }) => {
        // One that was taken over is as it is.
        if (at(props, "permitted") !== undefined || at(props, "existing") !== undefined) return [];
        return [{ wrong: `Authority '${name}' may certify any name.`, instead: CURE }];
    },
};
