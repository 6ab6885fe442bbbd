import type { Resource, StackResource, StackRule } from "../../rule.ts";
import { Token } from "../../tokens.ts";
import { at, knownItems, text } from "../../values.ts";

/** What can ask for a check of the device. */
const ASKING: ReadonlySet<string> = new Set([
    Token.accessPolicy,
    Token.accessGroup,
    Token.accessApplication,
    Token.gatewayPolicy,
]);

/** A check that no policy asks for is made on every device and keeps nobody out: whoever declared it believes that it does. */
export const postureIsRequired: StackRule = {
    name: "posture-rule-is-required",
    description: "A check of devices is required by a policy, or it keeps nobody out.",
    severity: "medium",
    remediationSteps:
        "Require the rule in an Access policy or group (`requires: [{ devicePosture: { integrationUid: rule.id } }]`) or in a Gateway policy, or remove it.",
    judgeStack: (resources) => {
        const asking = resources.filter(({ type }) => ASKING.has(type));
        const referred = new Set(asking.flatMap(dependencies));
        const named = new Set(asking.flatMap(namedRules));
        return resources
            .filter(({ type, urn, props }) => {
                const id = text(at(props, "id"));
                return type === Token.postureRule && !referred.has(urn) && !(id !== undefined && named.has(id));
            })
            .map((resource) => ({
                resource,
                wrong: `Posture rule '${resource.name}' is required by no policy of the stack.`,
                instead: "Require it in an Access policy or group, or remove it.",
            }));
    },
};

function dependencies({ propertyDependencies }: StackResource): string[] {
    return Object.values(propertyDependencies).flatMap((list) => list.map(({ urn }) => urn));
}

/** The rules that a policy or group names by an id that is known, as a program may write it down. */
function namedRules({ props }: Resource): string[] {
    return ["includes", "requires", "excludes"]
        .flatMap((list) => knownItems(at(props, list)))
        .map((rule) => text(at(rule, "devicePosture", "integrationUid")))
        .filter((id) => id !== undefined);
}
