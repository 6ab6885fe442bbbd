/** A resource in the state of a deployment, without what differs from one deployment to the next. */
export interface DeployedResource {
    readonly type: string;
    readonly name: string;
    /** Type and name; none for a resource at the top. */
    readonly parent: string | undefined;
    readonly inputs: unknown;
    /** Names of the outputs, each followed by ` (secret)` where it is one. */
    readonly outputs: readonly string[];
}

interface StateResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly parent?: string;
    readonly inputs?: Record<string, unknown>;
    readonly outputs?: Record<string, unknown>;
}

/** Marks a secret in a state (pulumi/pulumi `sdk/go/common/resource/sig/sig.go`). */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** Outputs of resources by which others refer to them, besides their ids. */
const REFERENCES = ["aud"];

/**
 * What a deployment made, by type and name. An id stands as the resource that it belongs to, so that two accounts compare; a secret stands as
 * the word.
 *
 * @param resources Those of an exported state.
 */
export function deployedResources(resources: readonly StateResource[]): DeployedResource[] {
    const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
    const titleOf = (urn: string) => {
        const types = urn.split("::")[2] ?? "";
        return `${types.slice(types.lastIndexOf("$") + 1)} ${nameOf(urn)}`;
    };
    const references = resources.flatMap(({ urn, id, outputs = {} }) => [
        ...(id === undefined ? [] : [[id, `<id of ${titleOf(urn)}>`] as const]),
        ...REFERENCES.flatMap((name) =>
            typeof outputs[name] === "string" ? [[outputs[name], `<${name} of ${titleOf(urn)}>`] as const] : [],
        ),
    ]);
    const comparable = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(comparable);
        if (isSecret(value)) return "<secret>";
        if (typeof value === "object" && value !== null) {
            return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, comparable(inner)]));
        }
        if (typeof value !== "string") return value;
        return references.reduce((text, [id, title]) => text.replaceAll(id, title), value);
    };
    return resources
        .map(({ urn, type, parent, inputs = {}, outputs = {} }) => ({
            type,
            name: nameOf(urn),
            parent: parent === undefined ? undefined : titleOf(parent),
            inputs: comparable(inputs),
            outputs: Object.keys(outputs)
                .map((name) => (isSecret(outputs[name]) ? `${name} (secret)` : name))
                .toSorted(),
        }))
        .toSorted((one, other) => `${one.type} ${one.name}`.localeCompare(`${other.type} ${other.name}`));
}

function isSecret(value: unknown): boolean {
    return typeof value === "object" && value !== null && SIGNATURE in value;
}
