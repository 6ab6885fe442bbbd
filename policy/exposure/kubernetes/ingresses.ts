import type { PolicyConfigSchema } from "@pulumi/policy";
import type { RuleConfig } from "../../rule.ts";
import { at, knownItems, shown, UNKNOWN } from "../../values.ts";
import type { Check, Checks, Opening } from "../opening.ts";
import { isOneOf } from "../paths.ts";
import { type ObjectCheck, objectChecks } from "./objects.ts";

/** The setting of the rule on Ingress and Gateway. */
export const tunnelClassesSchema: PolicyConfigSchema["properties"] = {
    tunnelClasses: {
        description:
            "Classes of Ingress and Gateway whose controller is reached through a tunnel alone. The class of the Cloudflare Tunnel ingress controller, `cloudflare-tunnel`, if omitted.",
        type: "array",
        items: { type: "string" },
        default: ["cloudflare-tunnel"],
    },
};

/** What an Ingress or a Gateway opens by its class; a class that a preview does not know yet waits for the update. */
export function classOpenings(kind: string, name: unknown, config: RuleConfig): readonly Opening[] {
    const configured = config.tunnelClasses === undefined ? ["cloudflare-tunnel"] : knownItems(config.tunnelClasses);
    const classes = configured.filter((one) => typeof one === "string");
    if (name === UNKNOWN || isOneOf(name, classes)) return [];
    return [
        {
            does: `is served by ${name === undefined ? "the cluster's default class" : `the class ${shown(name)}`}, which takes connections from outside`,
            instead: `Name a class that a tunnel leads to, or list this one in \`tunnelClasses\` if the controller of the ${kind} is reached through a tunnel.`,
        },
    ];
}

const check: ObjectCheck = ({ kind, object, where }, config) => {
    if (kind !== "Ingress" && kind !== "Gateway") return [];
    const name =
        kind === "Gateway"
            ? at(object, "spec", "gatewayClassName")
            : (at(object, "spec", "ingressClassName") ??
              at(object, "metadata", "annotations", "kubernetes.io/ingress.class"));
    return classOpenings(kind, name, config).map(({ does, instead }) => ({ does: `${does}${where}`, instead }));
};

const gateway: Check = (object, config) => check({ kind: "Gateway", object, where: "" }, config);

/** A Gateway is a custom resource, whose token the package makes of its version and kind. */
export const kubernetesIngresses: Checks = {
    ...objectChecks({ Ingress: ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"] }, check),
    "kubernetes:gateway.networking.k8s.io/v1:Gateway": gateway,
    "kubernetes:gateway.networking.k8s.io/v1beta1:Gateway": gateway,
};
