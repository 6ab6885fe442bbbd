/** One kind of object: named, compared, applied, read and deleted like every other. */
import { until } from "../../../docker/wait.ts";
import { autoName } from "../../plugin/autoName.ts";
import { diffInputs } from "../../plugin/diff.ts";
import {
    type CheckRequest,
    type CheckResult,
    type CreateResult,
    type DiffRequest,
    type DiffResult,
    isObject,
    type PropertyMap,
    type ResourceHandler,
    ResourceInitError,
    type Value,
} from "../../plugin/provider.ts";
import type { Cluster, LiveObject, ObjectName } from "./cluster.ts";
import { pictureOf } from "./picture.ts";
import { rolloutProblem } from "./rollout.ts";

/** Kinds that lie in no namespace. */
const CLUSTER_WIDE = new Set(["Namespace", "ClusterRoleBinding"]);

/** How long a Deployment may take to be available, and an object to go, in seconds, where the program says nothing: the official provider's. */
const PATIENCE_SECONDS = 600;

/** What the API server alone writes, and what of it changes by itself. */
const NOT_INPUTS = ["managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"];

/**
 * @param token such as `kubernetes:apps/v1:Deployment`
 * @param fixed paths that cannot be changed in place
 */
export function objectHandler(cluster: Cluster, token: string, fixed: readonly string[]): ResourceHandler {
    const [, groupVersion = "", kind = ""] = token.split(":");
    const apiVersion = groupVersion.replace(/^core\//, "");
    const nameOf = (inputs: PropertyMap): ObjectName => {
        const { name = "", namespace } = isObject(inputs.metadata) ? inputs.metadata : {};
        const within = typeof namespace === "string" ? { namespace } : {};
        return { apiVersion, kind, metadata: { name: String(name), ...within } };
    };

    return {
        computed: ["status"],
        computedOnUpdate: ["status"],
        secrets: kind === "Secret" ? ["data", "stringData"] : [],
        check: (request) => checked(cluster, kind, request),
        diff: (request) => differences(fixed, request),
        create: ({ inputs, timeoutSeconds }) => applied(inputs, timeoutSeconds),
        update: async ({ inputs, timeoutSeconds }) => (await applied(inputs, timeoutSeconds)).outputs,
        async read({ id, inputs }) {
            const [name = "", namespace] = id.split("/").reverse();
            const live = await cluster.read({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } });
            if (live === undefined) return undefined;
            const outputs = outputsOf(live);
            return {
                id,
                outputs,
                inputs: Object.keys(inputs).length === 0 ? importedFrom(outputs) : seen(inputs, live),
            };
        },
        async delete({ inputs, timeoutSeconds }) {
            const name = nameOf(inputs);
            await cluster.delete(name);
            const isGone = async () => ((await cluster.read(name)) === undefined ? true : undefined);
            const patience = { withinMs: (timeoutSeconds || PATIENCE_SECONDS) * 1000, signal: cluster.cancelled };
            if (await until(isGone, patience)) return;
            throw new Error(`${kind} "${name.metadata.name}" does not go; look for finalizers that nobody handles`);
        },
    };

    async function applied(inputs: PropertyMap, timeoutSeconds: number): Promise<CreateResult> {
        const { __defaults: _, ...metadata } = isObject(inputs.metadata) ? inputs.metadata : {};
        const live = await cluster.apply({ ...inputs, ...nameOf(inputs), metadata } as ObjectName & PropertyMap);
        const id = idOf(live);
        if (kind !== "Deployment") return { id, outputs: outputsOf(live) };
        let last = live;
        const isAvailable = async () => {
            last = (await cluster.read(nameOf(inputs))) ?? last;
            return rolloutProblem(last) === undefined ? last : undefined;
        };
        const patience = { withinMs: (timeoutSeconds || PATIENCE_SECONDS) * 1000, signal: cluster.cancelled };
        const available = await until(isAvailable, patience);
        if (available !== undefined) return { id, outputs: outputsOf(available) };
        throw new ResourceInitError(id, outputsOf(last), inputs, [rolloutProblem(last) ?? "it is not available"]);
    }
}

function checked(cluster: Cluster, kind: string, request: CheckRequest): CheckResult {
    const metadata = isObject(request.inputs.metadata) ? request.inputs.metadata : {};
    const old = request.oldInputs?.metadata;
    const named = autoName({
        ...request,
        inputs: metadata,
        oldInputs: isObject(old) ? old : undefined,
    });
    const isPlaced = CLUSTER_WIDE.has(kind) || named.namespace !== undefined;
    const placed = isPlaced ? named : { ...named, namespace: cluster.namespace };
    return { inputs: { ...request.inputs, metadata: placed } };
}

function differences(fixed: readonly string[], request: DiffRequest): DiffResult {
    const { oldInputs, inputs } = request;
    // The API refuses to change what says of itself that it does not change.
    const content = inputs.immutable === true ? ["data", "stringData", "binaryData"] : [];
    const replacing = ["apiVersion", "kind", "metadata.name", "metadata.namespace", ...fixed, ...content];
    const { changes } = diffInputs(replacing, { oldInputs, inputs });
    const isRenamed = Object.keys(changes).some((path) => /^metadata\.name(space)?$/.test(path));
    return { changes, deleteBeforeReplace: !isRenamed };
}

function idOf({ metadata }: LiveObject): string {
    return metadata?.namespace === undefined ? (metadata?.name ?? "") : `${metadata.namespace}/${metadata.name}`;
}

function outputsOf(live: LiveObject): PropertyMap {
    // The client makes dates of times; the engine takes JSON.
    const outputs = JSON.parse(JSON.stringify(live)) as PropertyMap;
    if (isObject(outputs.metadata)) delete outputs.metadata.managedFields;
    return outputs;
}

/** What of the live object the program speaks of, as it is now: a change that somebody made by hand shows in it. */
function seen(inputs: PropertyMap, live: LiveObject): PropertyMap {
    return pictureOf(outputsOf(live), inputs) as PropertyMap;
}

function importedFrom(outputs: PropertyMap): PropertyMap {
    const { status: _, metadata, ...inputs } = outputs;
    const kept = Object.entries(isObject(metadata) ? metadata : {}).filter(([key]) => !NOT_INPUTS.includes(key));
    return { ...inputs, metadata: Object.fromEntries(kept) as Record<string, Value> };
}
