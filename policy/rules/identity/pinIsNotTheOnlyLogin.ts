import type { StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at } from "../../values.ts";

/**
 * A PIN by e-mail proves that somebody reads a mailbox: no second factor, no groups, and nobody is out the day they leave unless the mailbox
 * is closed. It is fine to begin with, and beside another provider for guests.
 */
export const pinIsNotTheOnlyLogin: StackRule = {
    name: "one-time-pin-is-not-the-only-login",
    description: "People can log in with an account, not by a one-time PIN alone.",
    severity: "low",
    level: "advisory",
    remediationSteps:
        "Declare an identity provider of the organization beside the PIN, and require it (`loginMethod`) where guests have no business.",
    judgeStack: (resources) => {
        const providers = resources.filter(({ type }) => type === Token.identityProvider);
        // A type that is not known yet may be any.
        if (!providers.every(({ props }) => at(props, "type") === "onetimepin")) return [];
        return providers.map((resource) => ({
            resource,
            wrong: `Identity provider '${resource.name}' sends a one-time PIN, and is the only way to log in that the stack declares.`,
            instead: "Declare the identity provider of the organization beside it.",
        }));
    },
};
