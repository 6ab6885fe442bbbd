import type { RuleConfig } from "../../rule.ts";
import { at, text } from "../../values.ts";
import { yamlDocuments } from "../../yamlDocuments.ts";
import type { Check, Checks, Opening } from "../opening.ts";
import { valuesAt } from "../paths.ts";

/** A Kubernetes object, wherever a program writes it down. */
export interface KubernetesObject {
    readonly kind: string;
    readonly object: unknown;
    /** Which one it is, where a resource carries several: an addition to a sentence. */
    readonly where: string;
}

/** Judges one object. */
export type ObjectCheck = (object: KubernetesObject, config: RuleConfig) => readonly Opening[];

/** Resources that carry objects as text or as plain data (`@pulumi/kubernetes` 4.34). */
const MANIFESTS = ["kubernetes:yaml:ConfigGroup", "kubernetes:yaml/v2:ConfigGroup"] as const;

/**
 * Checks for the resources of some kinds, and for those that carry objects of any kind. Each kind comes as itself, as
 * a patch of an object that is there, and as a list.
 *
 * @param kinds for each kind, the groups and versions in which it is or was
 */
export function objectChecks(kinds: Readonly<Record<string, readonly string[]>>, check: ObjectCheck): Checks {
    const typed = Object.entries(kinds).flatMap(([kind, versions]) =>
        versions.flatMap((version) =>
            ["", "Patch", "List"].map((form): [string, Check] => [
                `kubernetes:${version}:${kind}${form}`,
                (props, config) => expanded(kind, form, props).flatMap((object) => check(object, config)),
            ]),
        ),
    );
    const carried: Check = (props, config) =>
        [...valuesAt(props, "yaml[]"), ...valuesAt(props, "objs[]")]
            .flatMap((value) => (typeof value === "string" ? yamlDocuments(value) : [value]))
            .flatMap(manifest)
            .flatMap((object) => check(object, config));
    return Object.fromEntries([...typed, ...MANIFESTS.map((type): [string, Check] => [type, carried])]);
}

function expanded(kind: string, form: string, props: unknown): readonly KubernetesObject[] {
    if (form !== "List") return [{ kind, object: props, where: "" }];
    return valuesAt(props, "items[]").map((object, index) => ({ kind, object, where: ` (\`items[${index}]\`)` }));
}

function manifest(object: unknown): readonly KubernetesObject[] {
    const kind = text(at(object, "kind"));
    if (kind === undefined) return [];
    if (kind.endsWith("List")) return valuesAt(object, "items[]").flatMap(manifest);
    return [{ kind, object, where: ` (${kind} ${JSON.stringify(text(at(object, "metadata", "name")) ?? "")})` }];
}
