import type { RuleConfig } from "../../rule.ts";
import { at, isOn, keys, shown } from "../../values.ts";
import type { Checks, Opening } from "../opening.ts";
import { isOneOf, valuesAt } from "../paths.ts";
import { classOpenings } from "./ingresses.ts";
import { serviceOpenings } from "./services.ts";

/** Resources that take the values of a Helm chart (`@pulumi/kubernetes` 4.34). */
const CHARTS = ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart", "kubernetes:helm.sh/v3:Chart"] as const;

/** Judges one block of a chart's values, by the key that it stands under. */
type BlockCheck = (key: string, block: unknown, config: RuleConfig) => readonly Opening[];

/**
 * Checks for a chart's values. Nothing fixes what a chart takes, but most follow the skeleton of `helm create`
 * (`service.type`, `ingress.enabled`) and name what goes into a pod as the pod does (`hostNetwork`, `hostPort`).
 */
function chartChecks(check: BlockCheck): Checks {
    return Object.fromEntries(
        CHARTS.map((type) => [
            type,
            (props, config) =>
                blocks(at(props, "values"), "values").flatMap(({ path, key, block }) =>
                    check(key, block, config).map(({ does, instead }) => ({ does: `${does} (\`${path}\`)`, instead })),
                ),
        ]),
    );
}

interface Block {
    readonly path: string;
    readonly key: string;
    readonly block: unknown;
}

function blocks(value: unknown, path: string, key = ""): readonly Block[] {
    if (typeof value !== "object" || value === null) return [];
    if (Array.isArray(value)) {
        return valuesAt({ list: value }, "list[]").flatMap((one, index) => blocks(one, `${path}[${index}]`, key));
    }
    const inner = keys(value).flatMap((name) => blocks(at(value, name), `${path}.${name}`, name));
    return [{ path, key, block: value }, ...inner];
}

export const chartServices = chartChecks((key, block, config) => {
    if (!/service$/i.test(key) && !isOneOf(at(block, "type"), ["NodePort", "LoadBalancer"])) return [];
    return serviceOpenings(block, at(block, "annotations"), config);
});

export const chartPods = chartChecks((_, block) => {
    const openings: Opening[] = [];
    if (isOn(at(block, "hostNetwork"))) {
        openings.push({
            does: "puts pods on the network of their nodes by `hostNetwork`",
            instead: "Set `hostNetwork` to false.",
        });
    }
    const port = at(block, "hostPort");
    if ((typeof port === "number" && port > 0) || isOn(at(port, "enabled"))) {
        openings.push({
            does: `opens ${typeof port === "number" ? `port ${shown(port)}` : "ports"} of nodes by \`hostPort\``,
            instead: "Remove `hostPort`.",
        });
    }
    return openings;
});

export const chartIngresses = chartChecks((key, block, config) => {
    if (!/ingress$/i.test(key) || !isOn(at(block, "enabled"))) return [];
    const name =
        at(block, "ingressClassName") ??
        at(block, "className") ??
        at(block, "annotations", "kubernetes.io/ingress.class");
    return classOpenings("Ingress", name, config);
});
