/** The handler of a resource type, made from its row in the table. */
import { isEmpty, project } from "../../plugin/project.ts";
import {
    isObject,
    type PropertyMap,
    type ReadRequest,
    type ReadResult,
    type ResourceHandler,
    type Value,
} from "../../plugin/provider.ts";
import { type ConsulClient, ConsulError } from "./client.ts";
import type { ConsulResource } from "./consulResource.ts";

/** Consul deletes a peering in the background, within seconds: once a second, as often as this. */
const LEAVING_TRIES = 60;
const LEAVING_PAUSE_MS = 1000;

export function consulHandler(resource: ConsulResource, connect: () => ConsulClient): ResourceHandler {
    const { outputs = [], toldOnce = [], secrets = [], deleteBeforeReplace = false } = resource;

    const find = async (path: string): Promise<PropertyMap | undefined> => {
        try {
            return asMap(await connect().request({ method: "GET", path }));
        } catch (error) {
            if (error instanceof ConsulError && error.isMissing) return undefined;
            throw error;
        }
    };

    /** Once what is about to go has gone. */
    const settled = async (path: string): Promise<PropertyMap | undefined> => {
        for (let tries = 1; ; tries++) {
            const found = await find(path);
            if (found === undefined || resource.isLeaving?.(found) !== true) return found;
            if (tries === LEAVING_TRIES)
                throw new Error(`Consul has not deleted ${path} within a minute; look at its log`);
            await connect().sleep(LEAVING_PAUSE_MS);
        }
    };

    const remove = async (path: string): Promise<void> => {
        try {
            await connect().request({ method: "DELETE", path });
        } catch (error) {
            if (!(error instanceof ConsulError && error.isMissing)) throw error;
        }
        if (resource.isLeaving !== undefined) await settled(path);
    };

    const outputsOf = (inputs: PropertyMap, answer: PropertyMap): PropertyMap => ({
        ...pick(resource.live(answer), outputs),
        ...inputs,
    });

    const handler: ResourceHandler = {
        computed: outputs,
        secrets,
        replaceOnChange: resource.replaceOnChange,
        deleteBeforeReplace,
        check: ({ inputs }) => ({ inputs, failures: resource.check?.(inputs) ?? [] }),
        create: async ({ inputs }) => {
            const taken = resource.taken?.(inputs);
            if (taken !== undefined && (await settled(taken)) !== undefined) throw alreadyThere(taken);
            const made = await connect()
                .request(resource.create(inputs))
                .catch(async (error: unknown) => {
                    // What is there now is half of what was to be.
                    if (taken !== undefined) await remove(taken);
                    throw error;
                });
            const id = resource.idOf(inputs, asMap(made));
            // What `?cas=0` answers where there is one already.
            if (made === false) throw alreadyThere(resource.path(id));
            const told = outputsOf(inputs, asMap(made));
            const now = (await find(resource.path(id))) ?? {};
            return { id, outputs: { ...outputsOf(inputs, now), ...told } };
        },
        read: (request) => readResource(request),
        delete: ({ id }) => remove(resource.path(id)),
    };
    if (resource.update !== undefined) {
        const { update } = resource;
        handler.update = async ({ id, inputs }) =>
            outputsOf(inputs, asMap(await connect().request(update(id, inputs))));
    }
    return handler;

    async function readResource({ id, inputs, state }: ReadRequest): Promise<ReadResult | undefined> {
        const isImport = Object.keys(state).length === 0;
        if (connect().offline && !isImport) return { id, outputs: state, inputs };
        const answer = await find(resource.path(id));
        if (answer === undefined || resource.isLeaving?.(answer) === true) return undefined;
        const live = resource.live(answer);
        const now = isImport ? imported(live) : refreshed(inputs, live);
        return { id, inputs: now, outputs: { ...pick(live, outputs), ...pick(state, toldOnce), ...now } };
    }

    function imported(live: PropertyMap): PropertyMap {
        return Object.fromEntries(Object.entries(pick(live, resource.inputs)).filter(([, value]) => !isEmpty(value)));
    }

    /** The inputs as Consul has them, and what it has although the program leaves it out. */
    function refreshed(inputs: PropertyMap, live: PropertyMap): PropertyMap {
        const values: PropertyMap = {};
        for (const key of resource.inputs) {
            const given = inputs[key];
            const isComputed = given === undefined && outputs.includes(key);
            if (isComputed) continue;
            const value = toldOnce.includes(key) ? given : inProgramsForm(key, given, live[key]);
            if (value !== undefined && !(given === undefined && (isEmpty(value) || value === false)))
                values[key] = value;
        }
        return values;
    }

    function inProgramsForm(key: string, given: Value | undefined, live: Value | undefined): Value | undefined {
        if (given === undefined) return live ?? undefined;
        return resource.refreshed === undefined ? project(given, live) : resource.refreshed(key, given, live);
    }
}

function alreadyThere(path: string): Error {
    return new Error(
        `Consul has ${path} already, and it is not in this stack's state; import it, or delete it where it was made`,
    );
}

function pick(values: PropertyMap, keys: readonly string[]): PropertyMap {
    return Object.fromEntries(
        keys.flatMap((key) => {
            const value = values[key];
            return value === undefined || value === null ? [] : [[key, value]];
        }),
    );
}

function asMap(value: Value): PropertyMap {
    return isObject(value) ? value : {};
}
