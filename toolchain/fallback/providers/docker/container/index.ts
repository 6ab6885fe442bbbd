/** `docker.Container`, a container outside the Swarm. */
import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { reasonOf, statusOf, until } from "../../../../docker/wait.ts";
import {
    type CreateRequest,
    type CreateResult,
    type DeleteRequest,
    type PropertyMap,
    type ResourceHandler,
    ResourceInitError,
} from "../../../plugin/provider.ts";
import { checkNamed } from "../check.ts";
import { adoptState, diffFields } from "../compare.ts";
import type { Engine } from "../engine.ts";
import { computedNames } from "../schema.ts";
import { flagOf, numberOf, objectsOf, textOf } from "../values.ts";
import { fromContainer } from "./fromDocker.ts";
import { containerFields } from "./schema.ts";
import { endpoint, limits, toContainer } from "./toDocker.ts";

export function containerHandler(engine: Engine): ResourceHandler {
    return {
        computed: [...computedNames(containerFields), "bridge", "containerLogs", "exitCode", "networkDatas"],
        check: (request) => checkNamed(containerFields, request),
        diff: (request) => diffFields(containerFields, request),
        create: (request) => create(engine, request),
        async read({ id, inputs, state }) {
            const live = await find(await engine.docker(), id);
            if (live === undefined) return undefined;
            const outputs = fromContainer(live, { ...state, ...inputs });
            return { id: live.Id, outputs, inputs: adoptState(containerFields, inputs, outputs) };
        },
        async update({ id, inputs }) {
            const container = (await engine.docker()).getContainer(id);
            await container.update(limits(inputs));
            return fromContainer(await container.inspect(), inputs);
        },
        delete: (request) => remove(engine, request),
    };
}

async function create(engine: Engine, { inputs }: CreateRequest): Promise<CreateResult> {
    const docker = await engine.docker();
    let container: Docker.Container;
    try {
        container = await docker.createContainer(toContainer(inputs));
    } catch (error) {
        throw new Error(`Unable to create container: ${reasonOf(error)}`);
    }
    const { id } = container;
    try {
        const networks = objectsOf(inputs.networksAdvanced);
        if (networks.length > 0) await leaveDefaultNetwork(docker, id);
        for (const network of networks) {
            await docker.getNetwork(textOf(network.name)).connect({ Container: id, EndpointConfig: endpoint(network) });
        }
        for (const upload of objectsOf(inputs.uploads))
            await container.putArchive(await archive(upload), { path: "/" });
        if (flagOf(inputs.start)) await container.start();
        const live = await settle(engine, container, inputs);
        return { id, outputs: fromContainer(live, inputs) };
    } catch (error) {
        if (engine.cancelled.aborted) throw new ResourceInitError(id, inputs, inputs, [reasonOf(error)]);
        await container.remove({ force: true, v: true });
        throw new Error(`Unable to start container "${textOf(inputs.name)}": ${reasonOf(error)}`);
    }
}

async function leaveDefaultNetwork(docker: Docker, id: string): Promise<void> {
    try {
        await docker.getNetwork("bridge").disconnect({ Container: id });
    } catch (error) {
        if (!/is not connected/.test(reasonOf(error))) throw error;
    }
}

/** Running, or healthy where the program waits for that; a container that ends at once is an error unless it may (`mustRun: false`). */
async function settle(engine: Engine, container: Docker.Container, inputs: PropertyMap) {
    const mustRun = flagOf(inputs.start) && flagOf(inputs.mustRun);
    const wait = flagOf(inputs.start) && flagOf(inputs.wait);
    const settled = async () => {
        const live = await container.inspect();
        if (live.State.Status === "exited" && mustRun) {
            throw new Error(`it exited immediately with code ${live.State.ExitCode}; "docker logs" tells more`);
        }
        const health = live.State.Health?.Status;
        if (wait && health === undefined) throw new Error('"wait" is true, but the container has no health check');
        if (wait && health !== "healthy") return undefined;
        return live.State.Running || !mustRun ? live : undefined;
    };
    const withinMs = wait
        ? numberOf(inputs.waitTimeout) * 1_000
        : numberOf(inputs.containerReadRefreshTimeoutMilliseconds);
    const live = await until(settled, { withinMs, signal: engine.cancelled });
    if (live !== undefined) return live;
    throw new Error(`it is not ${wait ? "healthy" : "running"} after ${withinMs / 1_000} s`);
}

async function archive(upload: PropertyMap): Promise<Readable> {
    const given = ["content", "contentBase64", "source"].filter((key) => textOf(upload[key]) !== "");
    if (given.length !== 1) {
        throw new Error(`uploads: "${textOf(upload.file)}" takes one of content, contentBase64 and source`);
    }
    const content = upload.source
        ? await readFile(textOf(upload.source))
        : upload.contentBase64
          ? Buffer.from(textOf(upload.contentBase64), "base64")
          : textOf(upload.content);
    const mode = upload.permissions
        ? Number.parseInt(textOf(upload.permissions), 8)
        : flagOf(upload.executable)
          ? 0o744
          : 0o644;
    const tar = pack();
    const [uid, gid] = [numericId(textOf(upload.owner)), numericId(textOf(upload.group))];
    tar.entry({ name: textOf(upload.file), mode, uid, gid }, content);
    tar.finalize();
    return Readable.from(tar);
}

/** The official provider also looks names up on its own machine, where they may mean somebody else than in the container. */
function numericId(id: string): number {
    if (!/^[0-9]*$/.test(id)) throw new Error(`uploads: "${id}" is not a numeric owner or group`);
    return Number(id);
}

async function remove(engine: Engine, { id, outputs }: DeleteRequest): Promise<void> {
    const container = (await engine.docker()).getContainer(id);
    const grace = numberOf(outputs.destroyGraceSeconds);
    try {
        if (grace > 0) await container.stop({ t: grace });
        await container.remove({ force: true, v: flagOf(outputs.removeVolumes) });
    } catch (error) {
        // One that removes itself when it ends may be gone already.
        if (flagOf(outputs.rm) && statusOf(error) === 404) return;
        throw new Error(`Error deleting container ${id}: ${reasonOf(error)}`);
    }
}

async function find(docker: Docker, id: string): Promise<Docker.ContainerInspectInfo | undefined> {
    try {
        return await docker.getContainer(id).inspect();
    } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
    }
}
