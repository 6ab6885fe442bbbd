import type Docker from "dockerode";
import { ToolError } from "../errors.ts";
import { reasonOf, statusOf, until } from "./wait.ts";

/** The label that says which Pulumi stack a Docker object belongs to. */
export const STACK_LABEL = "sallyport.stack";

/** How long the tasks of removed services may hold on to networks: two minutes in milliseconds. */
const REMOVE_WITHIN_MS = 120_000;

/** A Docker object by id and name. */
export interface DockerObject {
    readonly id: string;
    readonly name: string;
}

/** A service and how far it has come. */
export interface DockerServiceObject extends DockerObject {
    readonly image: string;
    readonly replicas: { readonly running: number; readonly desired: number };
    /** Ports that every node of the Swarm listens on; empty for all services of ours. */
    readonly publishedPorts: readonly number[];
}

/** What a stack has in Docker. */
export interface StackObjects {
    readonly services: readonly DockerServiceObject[];
    readonly networks: readonly DockerObject[];
    readonly secrets: readonly DockerObject[];
    readonly configs: readonly DockerObject[];
}

/**
 * The services, networks, secrets and configs that carry the label `sallyport.stack=<stack>`, each sorted by name.
 *
 * @param labels further ones that they must carry, `name=value`; none where omitted.
 */
export async function objectsOf(docker: Docker, stack: string, labels: readonly string[] = []): Promise<StackObjects> {
    const filters = { label: [`${STACK_LABEL}=${stack}`, ...labels] };
    const [services, networks, secrets, configs] = await Promise.all([
        docker.listServices({ filters, status: true }) as unknown as Promise<Docker.Service[]>,
        docker.listNetworks({ filters }),
        docker.listSecrets({ filters }) as unknown as Promise<Docker.Secret[]>,
        docker.listConfigs({ filters }) as unknown as Promise<Docker.ConfigInfo[]>,
    ]);
    return {
        services: byName(services.map(serviceObject)),
        networks: byName(networks.map(({ Id, Name }) => ({ id: Id, name: Name }))),
        secrets: byName(secrets.map(({ ID, Spec }) => ({ id: ID, name: Spec?.Name ?? ID }))),
        configs: byName(configs.map(({ ID, Spec }) => ({ id: ID, name: Spec?.Name ?? ID }))),
    };
}

/** Those objects whose ids are not among `known`. */
export function objectsExcept(objects: StackObjects, known: ReadonlySet<string>): StackObjects {
    const others = <T extends DockerObject>(list: readonly T[]) => list.filter(({ id }) => !known.has(id));
    return {
        services: others(objects.services),
        networks: others(objects.networks),
        secrets: others(objects.secrets),
        configs: others(objects.configs),
    };
}

function byName<T extends DockerObject>(objects: T[]): T[] {
    return objects.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

function serviceObject({ ID, Spec, Endpoint, ServiceStatus }: Docker.Service): DockerServiceObject {
    const task = Spec?.TaskTemplate as Docker.ContainerTaskSpec | undefined;
    return {
        id: ID,
        name: Spec?.Name ?? ID,
        image: task?.ContainerSpec?.Image ?? "",
        replicas: { running: ServiceStatus?.RunningTasks ?? 0, desired: ServiceStatus?.DesiredTasks ?? 0 },
        publishedPorts: (Endpoint?.Ports ?? []).flatMap(({ PublishedPort }) => PublishedPort ?? []),
    };
}

/** A service as the engine takes it back (Engine API, `POST /services/{id}/update`). */
interface ServiceToChange {
    readonly Version: { readonly Index: number };
    readonly Spec: { readonly Mode?: { readonly Replicated?: object } };
}

/**
 * Begins to stop all tasks of services that have replicas, and leaves the services. A task takes seconds to stop, so services that are removed one
 * after the other are gone sooner when all of them were stopped together. One that is gone, or is just being changed, is left as it is.
 */
export async function stopServices(docker: Docker, services: readonly DockerObject[]): Promise<void> {
    await Promise.all(
        services.map(async ({ id }) => {
            const service = docker.getService(id);
            try {
                const { Version, Spec } = (await service.inspect()) as unknown as ServiceToChange;
                if (Spec.Mode?.Replicated === undefined) return;
                await service.update({ ...Spec, Mode: { Replicated: { Replicas: 0 } }, version: Version.Index });
            } catch (error) {
                if (statusOf(error) === undefined) throw error;
            }
        }),
    );
}

/**
 * Removes what {@link objectsOf} found: services first, then, when their tasks let go, networks, secrets and configs.
 * An object that is gone already is no error.
 *
 * @throws ToolError when something is still in use after two minutes.
 */
export async function removeObjects(docker: Docker, objects: StackObjects, withinMs = REMOVE_WITHIN_MS): Promise<void> {
    await Promise.all(objects.services.map(({ id }) => unlessGone(docker.getService(id).remove())));
    const rest = [
        ...objects.networks.map((network) => ({
            ...network,
            kind: "network",
            remove: () => removeNetwork(docker, network.id),
        })),
        ...objects.secrets.map((secret) => ({
            ...secret,
            kind: "secret",
            remove: () => docker.getSecret(secret.id).remove(),
        })),
        ...objects.configs.map((config) => ({
            ...config,
            kind: "config",
            remove: () => docker.getConfig(config.id).remove(),
        })),
    ];
    await Promise.all(
        rest.map(async ({ kind, name, remove }) => {
            let refusal = "";
            const attempt = async () => {
                try {
                    await unlessGone(remove());
                    return true;
                } catch (error) {
                    if (statusOf(error) === undefined) throw error;
                    refusal = reasonOf(error);
                    return undefined;
                }
            };
            if (await until(attempt, { withinMs })) return;
            throw new ToolError(
                `The Docker ${kind} "${name}" cannot be removed: ${refusal}`,
                "Remove the service or container that uses it and run this again.",
            );
        }),
    );
}

/**
 * The Swarm's manager lets go of a network before the node does on which a task is just ending: only then is it gone for all,
 * and its name free.
 */
async function removeNetwork(docker: Docker, id: string): Promise<void> {
    const network = docker.getNetwork(id);
    await unlessGone(network.remove());
    const lingering = await network.inspect().then(
        () => true,
        (error: unknown) => {
            if (statusOf(error) === 404) return false;
            throw error;
        },
    );
    if (lingering) throw new StillThereError("a task that is ending holds on to it");
}

/** Not a refusal of the engine's, but to be treated as one: ask again. */
class StillThereError extends Error {
    override readonly name = "StillThereError";
    readonly statusCode = 409;
}

async function unlessGone(removal: Promise<unknown>): Promise<void> {
    try {
        await removal;
    } catch (error) {
        if (statusOf(error) !== 404) throw error;
    }
}
