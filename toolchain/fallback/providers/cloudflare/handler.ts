/** The handler of a resource type, made from its row in the table. */
import { isSame } from "../../plugin/diff.ts";
import { isEmpty, project } from "../../plugin/project.ts";
import {
    isObject,
    type PropertyMap,
    type ReadRequest,
    type ReadResult,
    type ResourceHandler,
    UNKNOWN,
    type Value,
} from "../../plugin/provider.ts";
import { ApiError, type CloudflareClient } from "./client.ts";
import type { LostAnswers } from "./lostAnswer.ts";
import { fromWire, SNAKE_CASE, toWire } from "./naming.ts";
import { collectionPath, itemPath, parseImportId, pathInputs } from "./paths.ts";
import { fillInside, keepPath } from "./refresh.ts";
import type { RestResource } from "./restResource.ts";

const EMPTYING_TRIES = 5;
const EMPTYING_PAUSE_MS = 2000;

export function restHandler(
    resource: RestResource,
    connect: () => CloudflareClient,
    lostAnswers: LostAnswers,
): ResourceHandler {
    const { outputs = [], filledIn = [], filledInside = [], changing = [], jsonText = [] } = resource;
    const { secrets = [], replaceOnChange = [] } = resource;
    const naming = resource.naming ?? SNAKE_CASE;
    const inPath = new Set(pathInputs(resource));
    const defaulted = (inputs: PropertyMap): PropertyMap => ({ ...resource.defaults?.(inputs), ...inputs });

    const bodyOf = (inputs: PropertyMap): PropertyMap => {
        const sent = Object.entries(inputs).filter(([key]) => !inPath.has(key) && !key.startsWith("__"));
        return asMap(toWire(Object.fromEntries(sent), naming));
    };

    const liveOf = (result: Value): PropertyMap => {
        const live = asMap(fromWire(result, naming));
        for (const key of jsonText) {
            if (isObject(live[key])) {
                live[key] = JSON.stringify(live[key]);
            }
        }
        return live;
    };

    /** Outputs after create and update: what was sent, and of the answer only what was not given. */
    const outputsOf = (inputs: PropertyMap, result: Value, old: PropertyMap): { id: string; outputs: PropertyMap } => {
        const live = liveOf(result);
        const values: PropertyMap = { ...defaulted(inputs) };
        for (const key of [...filledIn, ...outputs]) {
            const value = live[key] ?? old[key];
            if (values[key] === undefined && value !== undefined && value !== null) {
                values[key] = value;
            }
        }
        const key = resource.id ?? "id";
        const id = String(live[key] ?? inputs[key] ?? old.id ?? inputs.accountId ?? inputs.zoneId);
        return { id, outputs: { ...fillInside(values, filledInside, old, live), id } };
    };

    /** What an update sends again because the API filled it in, and nothing has changed that it depends on. */
    const refilled = (inputs: PropertyMap, old: PropertyMap, oldInputs: PropertyMap): PropertyMap => {
        const isStale = (resource.refilledOnChange ?? []).some((key) => !isSame(inputs[key], oldInputs[key]));
        const keys = isStale ? [] : filledIn.filter((key) => inputs[key] === undefined && !isAbsent(old[key]));
        return Object.fromEntries(keys.map((key) => [key, old[key] ?? null]));
    };

    const handler: ResourceHandler = {
        computed: [...outputs, ...filledIn],
        secrets,
        replaceOnChange: resource.update === undefined ? ["*"] : replaceOnChange,
        check: ({ inputs }) => ({ inputs, failures: resource.check?.(inputs) ?? [] }),
        preview: ({ inputs, oldOutputs }) => {
            const shown: PropertyMap = { ...defaulted(inputs) };
            for (const key of [...outputs, ...filledIn]) {
                if (inputs[key] === undefined) {
                    shown[key] =
                        oldOutputs === undefined || changing.includes(key) ? UNKNOWN : (oldOutputs[key] ?? UNKNOWN);
                }
            }
            return fillInside(shown, filledInside, oldOutputs ?? unknownAt(filledInside));
        },
        create: async ({ inputs }) => {
            const path = collectionPath(resource, inputs);
            const body = bodyOf(defaulted(inputs));
            const method = resource.create ?? "POST";
            const client = connect();
            const { single = false, toldOnce = [] } = resource;
            const listPath = collectionPath({ ...resource, path: resource.listPath ?? resource.path }, inputs);
            const idKey = naming.toWire(resource.id ?? "id");
            const lost = { path, listPath, body, single, idKey, toldOnce, since: Date.now() };
            const madeAlready = method === "POST" ? () => lostAnswers.find(client, lost) : undefined;
            const made = outputsOf(inputs, await client.request(method, path, body, { madeAlready }), {});
            lostAnswers.note(path, made.id);
            return made;
        },
        read: (request) => readResource(request),
        delete: async ({ id, outputs: old, inputs }) => {
            if (resource.delete === false) {
                return;
            }
            const path = itemPath(resource, { ...old, ...inputs }, id);
            if (resource.emptyBeforeDelete !== undefined) {
                await emptyList(connect(), path, resource.emptyBeforeDelete);
            }
            await connect().request("DELETE", path);
        },
    };

    if (resource.update !== undefined) {
        const method = resource.update;
        handler.update = async ({ id, inputs, oldInputs, oldOutputs }) => {
            const path = itemPath(resource, inputs, id);
            const news = {
                ...resource.updateDefaults?.(inputs),
                ...refilled(inputs, oldOutputs, oldInputs),
                ...defaulted(inputs),
            };
            const createOnly = new Set(resource.createOnly);
            const whole = bodyOf(Object.fromEntries(Object.entries(news).filter(([key]) => !createOnly.has(key))));
            const body =
                method === "PATCH" ? changedMembers(bodyOf(defaulted(oldInputs)), bodyOf(defaulted(inputs))) : whole;
            const result = await connect().request(method, path, body);
            return outputsOf(inputs, result, oldOutputs).outputs;
        };
    }
    return handler;

    async function readResource({ id: given, inputs, state }: ReadRequest): Promise<ReadResult | undefined> {
        const isImport = Object.keys(state).length === 0;
        const { id, values } = isImport ? parseImportId(resource, given) : { id: given, values: state };
        if (connect().offline && !isImport) {
            return { id, outputs: state, inputs };
        }
        const result = await connect()
            .request("GET", itemPath(resource, values, id))
            .catch((error: unknown) => {
                if (error instanceof ApiError && error.status === 404) {
                    return undefined;
                }
                throw error;
            });
        if (result === undefined) {
            return undefined;
        }
        const live = liveOf(result);
        const known: PropertyMap = { ...live, ...pick(values, [...inPath]) };
        const liveInputs = isImport ? importedInputs(known) : refreshedInputs(inputs, known);
        const liveOutputs = { ...pick(known, outputs), ...refreshedOutputs(state, known), ...liveInputs };
        const writeOnly = resource.writeOnly ?? [];
        return {
            id,
            inputs: writeOnly.reduce((kept, path) => keepPath(kept, inputs, path), liveInputs),
            outputs: {
                ...fillInside(
                    writeOnly.reduce((kept, path) => keepPath(kept, state, path), liveOutputs),
                    filledInside,
                    state,
                    live,
                ),
                id,
            },
        };
    }

    function importedInputs(live: PropertyMap): PropertyMap {
        return Object.fromEntries(Object.entries(pick(live, resource.inputs)).filter(([, value]) => !isEmpty(value)));
    }

    function refreshedInputs(inputs: PropertyMap, live: PropertyMap): PropertyMap {
        const values: PropertyMap = {};
        for (const [key, given] of Object.entries(inputs)) {
            const value = inPath.has(key) || key.startsWith("__") ? given : project(given, live[key]);
            if (value !== undefined) {
                values[key] = value;
            }
        }
        for (const [key, byDefault] of Object.entries(resource.defaults?.(inputs) ?? {})) {
            const value = live[key];
            if (inputs[key] === undefined && !isAbsent(value) && !isSame(project(byDefault, value), byDefault)) {
                values[key] = value;
            }
        }
        for (const key of resource.watched ?? []) {
            const value = live[key];
            if (inputs[key] === undefined && !isAbsent(value) && !isEmpty(value)) {
                values[key] = value;
            }
        }
        return values;
    }

    /** What the state has beyond inputs: defaults, and what the API filled in. */
    function refreshedOutputs(state: PropertyMap, live: PropertyMap): PropertyMap {
        const keys = Object.keys(state).filter((key) => resource.inputs.includes(key));
        const values = [...new Set([...keys, ...filledIn])].map((key) => [
            key,
            filledIn.includes(key) ? (live[key] ?? state[key]) : (project(state[key], live[key]) ?? live[key]),
        ]);
        return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== null));
    }
}

/** Objects with an unknown value at each of the paths. */
function unknownAt(paths: readonly string[]): PropertyMap {
    const values: Record<string, PropertyMap> = {};
    for (const [key = "", member = ""] of paths.map((path) => path.split("."))) {
        values[key] = { ...values[key], [member]: UNKNOWN };
    }
    return values;
}

/** Members of the new body that differ, and null for those that are gone. */
function changedMembers(before: PropertyMap, after: PropertyMap): PropertyMap {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    const changed = [...keys].filter((key) => !isSame(before[key], after[key]));
    return Object.fromEntries(changed.map((key) => [key, after[key] ?? null]));
}

/** A PUT without the list empties it; the API takes a moment, so it is looked at with growing pauses, as by the official provider. */
async function emptyList(client: CloudflareClient, path: string, list: string): Promise<void> {
    const isFilled = async () => !isEmpty(asMap(await client.request("GET", path))[list]);
    if (!(await isFilled())) {
        return;
    }
    await client.request("PUT", path, {});
    for (let tries = 0; tries < EMPTYING_TRIES; tries++) {
        await client.sleep(EMPTYING_PAUSE_MS * 2 ** tries);
        if (!(await isFilled())) {
            return;
        }
    }
}

function pick(values: PropertyMap, keys: readonly string[]): PropertyMap {
    const picked = keys.filter((key) => !isAbsent(values[key])).map((key) => [key, values[key]]);
    return Object.fromEntries(picked);
}

function asMap(value: Value): PropertyMap {
    return isObject(value) ? value : {};
}

function isAbsent(value: Value | undefined): value is undefined | null {
    return value === undefined || value === null;
}
