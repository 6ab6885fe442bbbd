/** `docker.Volume`. Cluster volumes (CSI) are not offered. */
import type Docker from "dockerode";
import { reasonOf, statusOf, until } from "../../../docker/wait.ts";
import type { PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { checkNamed } from "./check.ts";
import { adoptState, diffFields } from "./compare.ts";
import type { Engine } from "./engine.ts";
import { computedNames, type Fields, labels, map, text } from "./schema.ts";
import { labelPairs, labelsOf, mapOf, textOf } from "./values.ts";

export const volumeFields: Fields = {
    name: text({ replaces: true, computed: true }),
    driver: text({ replaces: true, computed: true }),
    driverOpts: map({ replaces: true }),
    labels: labels({ replaces: true }),
};

/** A container that is being removed holds on to its volumes: thirty seconds in milliseconds at most. */
const RELEASED_WITHIN_MS = 30_000;

export function volumeHandler(engine: Engine): ResourceHandler {
    return {
        computed: [...computedNames(volumeFields), "mountpoint"],
        check: (request) => checkNamed(volumeFields, request),
        diff: (request) => diffFields(volumeFields, request),
        async create({ inputs }) {
            const docker = await engine.docker();
            const name = textOf(inputs.name);
            await docker.createVolume({
                Name: name,
                ...(inputs.driver !== undefined && { Driver: textOf(inputs.driver) }),
                DriverOpts: mapOf(inputs.driverOpts),
                Labels: labelsOf(inputs.labels),
            });
            return { id: name, outputs: fromDocker(await docker.getVolume(name).inspect()) };
        },
        async read({ id, inputs }) {
            const docker = await engine.docker();
            let volume: Docker.VolumeInspectInfo;
            try {
                volume = await docker.getVolume(id).inspect();
            } catch (error) {
                if (statusOf(error) === 404) return undefined;
                throw error;
            }
            const outputs = fromDocker(volume);
            return { id: volume.Name, outputs, inputs: adoptState(volumeFields, inputs, outputs) };
        },
        async delete({ id }) {
            const docker = await engine.docker();
            let refusal = "";
            const removed = async () => {
                try {
                    await docker.getVolume(id).remove({ force: true });
                    return true;
                } catch (error) {
                    if (statusOf(error) === 404) return true;
                    refusal = reasonOf(error);
                    if (!/in use/.test(refusal)) throw new Error(refusal);
                    return undefined;
                }
            };
            if (await until(removed, { withinMs: RELEASED_WITHIN_MS, signal: engine.cancelled })) return;
            throw new Error(`volume "${id}" cannot be deleted: ${refusal}`);
        },
    };
}

function fromDocker(volume: Docker.VolumeInspectInfo): PropertyMap {
    return {
        driver: volume.Driver,
        driverOpts: volume.Options ?? {},
        labels: labelPairs(volume.Labels),
        mountpoint: volume.Mountpoint,
        name: volume.Name,
    };
}
