/** `docker.RemoteImage`, an image that is pulled. Building one (`build`) is not offered. */
import type Docker from "dockerode";
import { reasonOf, statusOf } from "../../../docker/wait.ts";
import type { PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { checkFields } from "./check.ts";
import { adoptState, diffFields } from "./compare.ts";
import type { Engine } from "./engine.ts";
import { type Fields, flag, map, setOf, text } from "./schema.ts";
import { flagOf, textOf } from "./values.ts";

export const remoteImageFields: Fields = {
    name: text({ required: true, replaces: true }),
    platform: text({ replaces: true }),
    pullTriggers: setOf(text(), { replaces: true }),
    triggers: map({ replaces: true }),
    forceRemove: flag(),
    keepLocally: flag(),
};

export function remoteImageHandler(engine: Engine): ResourceHandler {
    return {
        computed: ["imageId", "repoDigest"],
        check: ({ inputs }) => checkFields(remoteImageFields, inputs),
        diff: (request) => diffFields(remoteImageFields, request),
        async create({ inputs }) {
            const docker = await engine.docker();
            const name = textOf(inputs.name);
            const image = (await find(docker, name)) ?? (await pull(engine, docker, inputs));
            return { id: image.Id + name, outputs: fromDocker(image, inputs) };
        },
        async read({ id, inputs, state }) {
            const name = textOf(state.name ?? inputs.name);
            if (name === "") throw new Error(`image "${id}" cannot be imported: its id does not tell its name`);
            const image = await find(await engine.docker(), name);
            if (image === undefined) return undefined;
            const outputs = fromDocker(image, { ...state, ...inputs });
            return { id: image.Id + name, outputs, inputs: adoptState(remoteImageFields, inputs, outputs) };
        },
        // Only `keepLocally` and `forceRemove` change in place, and they matter when it is deleted.
        async update({ inputs, oldOutputs }) {
            return { ...oldOutputs, ...inputs };
        },
        async delete({ outputs }) {
            if (flagOf(outputs.keepLocally)) return;
            const docker = await engine.docker();
            try {
                await docker.getImage(textOf(outputs.name)).remove({ force: flagOf(outputs.forceRemove) });
            } catch (error) {
                if (statusOf(error) !== 404) throw new Error(`Unable to remove Docker image: ${reasonOf(error)}`);
            }
        },
    };
}

async function find(docker: Docker, name: string): Promise<Docker.ImageInspectInfo | undefined> {
    try {
        return await docker.getImage(name).inspect();
    } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
    }
}

async function pull(engine: Engine, docker: Docker, inputs: PropertyMap): Promise<Docker.ImageInspectInfo> {
    const name = textOf(inputs.name);
    const failed = (reason: string) => new Error(`unable to pull image ${name}: ${reason}`);
    const messages = await new Promise<readonly { error?: string }[]>((resolve, reject) => {
        const options = {
            authconfig: engine.authFor(name),
            abortSignal: engine.cancelled,
            ...(inputs.platform !== undefined && { platform: textOf(inputs.platform) }),
        };
        docker
            .pull(name, options)
            .then((stream) =>
                docker.modem.followProgress(stream, (error, all) => (error ? reject(error) : resolve(all))),
            )
            .catch(reject);
    }).catch((error: unknown) => {
        throw failed(reasonOf(error));
    });
    const error = messages.find((message) => message.error !== undefined)?.error;
    if (error !== undefined) throw failed(error);
    const image = await find(docker, name);
    if (image === undefined) throw failed("the registry does not have it");
    return image;
}

function fromDocker(image: Docker.ImageInspectInfo, inputs: PropertyMap): PropertyMap {
    return {
        forceRemove: inputs.forceRemove ?? null,
        imageId: image.Id,
        keepLocally: inputs.keepLocally ?? null,
        name: inputs.name ?? "",
        platform: inputs.platform ?? null,
        pullTriggers: inputs.pullTriggers ?? [],
        repoDigest: image.RepoDigests?.[0] ?? "",
        triggers: inputs.triggers ?? null,
    };
}
