/** `docker.Service`, a Swarm service. */
import type Docker from "dockerode";
import { reasonOf, statusOf, until } from "../../../../docker/wait.ts";
import {
    type CreateRequest,
    type CreateResult,
    type DeleteRequest,
    isObject,
    type PropertyMap,
    type ReadRequest,
    type ReadResult,
    type ResourceHandler,
    ResourceInitError,
    type UpdateRequest,
} from "../../../plugin/provider.ts";
import { checkNamed } from "../check.ts";
import { adoptState, diffFields, keepComputed } from "../compare.ts";
import type { Service, ServiceSpec } from "../dockerSpec.ts";
import type { Engine, RegistryAuth } from "../engine.ts";
import { computedNames } from "../schema.ts";
import { durationOf, objectOf, textOf } from "../values.ts";
import { type Before, converge, NOTHING_BEFORE, NotConverged, standBefore, tasksOf } from "./converge.ts";
import { fromService, keepNetworkNames } from "./fromDocker.ts";
import { resolveImage } from "./image.ts";
import { serviceFields } from "./schema.ts";
import { toServiceSpec } from "./toDocker.ts";

/** How long the tasks of a removed service may take beyond their grace period: thirty seconds in milliseconds. */
const ENDS_WITHIN_MS = 30_000;

const NANOSECONDS_PER_MS = 1e6;

export function serviceHandler(engine: Engine): ResourceHandler {
    return {
        computed: computedNames(serviceFields),
        secrets: ["auth.password"],
        check: (request) => checkNamed(serviceFields, request),
        diff: (request) => diffFields(serviceFields, request),
        create: (request) => create(engine, request),
        read: (request) => read(engine, request),
        update: (request) => update(engine, request),
        delete: (request) => remove(engine, request),
    };
}

async function create(engine: Engine, request: CreateRequest): Promise<CreateResult> {
    const { inputs } = request;
    const docker = await engine.docker();
    const auth = authOf(engine, inputs);
    const spec = await resolvedSpec(engine, docker, inputs, request.urn);
    // With one argument dockerode would send the whole spec as credentials, in a header.
    const { id } = await docker.createService(auth as Docker.AuthConfig, spec as unknown as Docker.ServiceSpec);
    try {
        await convergeAsAskedFor(engine, id, NOTHING_BEFORE, inputs);
    } catch (error) {
        if (error instanceof NotConverged) {
            // As the official provider does: what never came up is not left behind.
            await docker.getService(id).remove();
            throw error;
        }
        // Interrupted, perhaps by the user: the service is there, and the state has to know it.
        throw new ResourceInitError(id, { ...inputs }, inputs, [reasonOf(error)]);
    }
    return { id, outputs: keepNetworkNames(fromService(await inspect(docker, id), inputs), inputs) };
}

async function update(engine: Engine, request: UpdateRequest): Promise<PropertyMap> {
    const { id, inputs } = request;
    const docker = await engine.docker();
    const live = await inspect(docker, id);
    const wanted = keepComputed(serviceFields, inputs, request.oldOutputs);
    const spec = await resolvedSpec(engine, docker, wanted, request.urn);
    const rollsOut = diffFields(serviceFields, { oldOutputs: fromService(live, inputs), inputs });
    const before = await standBefore(docker, live, Object.keys(rollsOut.changes).some(needsNewTasks));
    // Without `_query` dockerode would put the whole spec into the address too.
    const change: object = { _query: { version: live.Version.Index }, _body: spec };
    await (docker.getService(id) as unknown as Updatable).update(authOf(engine, inputs), change);
    try {
        await convergeAsAskedFor(engine, id, before, inputs);
    } catch (error) {
        const outputs = fromService(await inspect(docker, id), inputs);
        throw new ResourceInitError(id, keepNetworkNames(outputs, inputs), inputs, [reasonOf(error)]);
    }
    return keepNetworkNames(fromService(await inspect(docker, id), inputs), inputs);
}

/** Where a task may run is decided anew without starting it anew. */
function needsNewTasks(path: string): boolean {
    return path.startsWith("taskSpec.") && !path.startsWith("taskSpec.placement");
}

/** dockerode's types know only the form of `update` with one argument. */
interface Updatable {
    update(auth: object, change: object): Promise<unknown>;
}

async function read(engine: Engine, { id, inputs, state }: ReadRequest): Promise<ReadResult | undefined> {
    const docker = await engine.docker();
    // The name finds a service that was made anew by hand, and what `pulumi import` was given a name for.
    const live =
        (await find(docker, id)) ?? (state.name === undefined ? undefined : await find(docker, textOf(state.name)));
    if (live === undefined) return undefined;
    const outputs = fromService(live, inputs);
    return { id: live.ID, outputs, inputs: adoptState(serviceFields, inputs, outputs) };
}

async function remove(engine: Engine, { id, outputs }: DeleteRequest): Promise<void> {
    const docker = await engine.docker();
    // Asked for before: the engine knows no tasks of a service that is gone.
    const tasks = await tasksOf(docker, id).catch(() => []);
    try {
        await docker.getService(id).remove();
    } catch (error) {
        throw new Error(`Error deleting service ${id}: ${reasonOf(error)}`);
    }
    if (tasks.length === 0) return;
    // They hold on to networks and secrets, which are deleted next.
    const container = objectOf(objectOf(outputs.taskSpec).containerSpec);
    const withinMs = durationOf(container.stopGracePeriod) / NANOSECONDS_PER_MS + ENDS_WITHIN_MS;
    const filters = { id: tasks.map(({ ID }) => ID) };
    const gone = async () => ((await docker.listTasks({ filters })).length === 0 ? true : undefined);
    await until(gone, { withinMs, signal: engine.cancelled });
}

async function resolvedSpec(engine: Engine, docker: Docker, inputs: PropertyMap, urn: string): Promise<ServiceSpec> {
    const spec = toServiceSpec(inputs);
    const container = spec.TaskTemplate.ContainerSpec;
    const { reference, warning } = await resolveImage(docker, container.Image, authOf(engine, inputs));
    if (warning !== undefined) engine.log("warning", warning, urn);
    container.Image = reference;
    return spec;
}

function authOf(engine: Engine, inputs: PropertyMap): RegistryAuth | Record<string, never> {
    if (!isObject(inputs.auth)) {
        return engine.authFor(textOf(objectOf(objectOf(inputs.taskSpec).containerSpec).image));
    }
    const { username, password, serverAddress } = inputs.auth;
    return { username: textOf(username), password: textOf(password), serveraddress: textOf(serverAddress) };
}

/** Waits for the tasks where the program gives `convergeConfig`; without one it is done, as with the official provider. */
async function convergeAsAskedFor(engine: Engine, id: string, before: Before, inputs: PropertyMap): Promise<void> {
    const { convergeConfig } = inputs;
    if (!isObject(convergeConfig)) return;
    await converge(await engine.docker(), id, before, {
        timeoutMs: durationOf(convergeConfig.timeout ?? "3m") / NANOSECONDS_PER_MS,
        everyMs: durationOf(convergeConfig.delay ?? "7s") / NANOSECONDS_PER_MS,
        cancelled: engine.cancelled,
    });
}

async function inspect(docker: Docker, id: string): Promise<Service> {
    return (await docker.getService(id).inspect()) as unknown as Service;
}

async function find(docker: Docker, idOrName: string): Promise<Service | undefined> {
    try {
        return await inspect(docker, idOrName);
    } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
    }
}
