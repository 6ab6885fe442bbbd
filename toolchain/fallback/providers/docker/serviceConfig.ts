/** `docker.ServiceConfig`, a Swarm config: a file for services that is no secret. */
import { reasonOf, statusOf } from "../../../docker/wait.ts";
import type { CheckResult, PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { checkNamed } from "./check.ts";
import { adoptState, diffFields } from "./compare.ts";
import type { Engine } from "./engine.ts";
import { type Fields, labels, text } from "./schema.ts";
import { labelPairs, labelsOf, textOf } from "./values.ts";

export const serviceConfigFields: Fields = {
    name: text({ replaces: true }),
    data: text({ replaces: true, base64: true }),
    dataRaw: text({ replaces: true }),
    labels: labels({ replaces: true }),
};

interface Config {
    readonly ID: string;
    readonly Spec: { readonly Name: string; readonly Labels?: Record<string, string>; readonly Data: string };
}

export function serviceConfigHandler(engine: Engine): ResourceHandler {
    return {
        check: (request) => exactlyOneContent(checkNamed(serviceConfigFields, request)),
        diff: (request) => diffFields(serviceConfigFields, request),
        async create({ inputs }) {
            const docker = await engine.docker();
            const Data =
                inputs.dataRaw === undefined
                    ? textOf(inputs.data)
                    : Buffer.from(textOf(inputs.dataRaw)).toString("base64");
            const spec = { Name: textOf(inputs.name), Labels: labelsOf(inputs.labels), Data };
            const { id } = await docker.createConfig(spec);
            return { id, outputs: fromDocker({ ID: id, Spec: spec }, inputs) };
        },
        async read({ id, inputs }) {
            const docker = await engine.docker();
            let config: Config;
            try {
                config = (await docker.getConfig(id).inspect()) as unknown as Config;
            } catch (error) {
                if (statusOf(error) === 404) return undefined;
                throw error;
            }
            const outputs = fromDocker(config, inputs);
            return { id: config.ID, outputs, inputs: adoptState(serviceConfigFields, inputs, outputs) };
        },
        async delete({ id }) {
            const docker = await engine.docker();
            try {
                await docker.getConfig(id).remove();
            } catch (error) {
                throw new Error(reasonOf(error));
            }
        },
    };
}

function exactlyOneContent({ inputs, failures = [] }: CheckResult): CheckResult {
    const { data, dataRaw } = inputs;
    if ((data === undefined) !== (dataRaw === undefined)) return { inputs, failures };
    const which = data === undefined ? "neither is given" : "both are given";
    const reason = `a config takes either "data" (base64) or "dataRaw" (plain text); ${which}`;
    return { inputs, failures: [...failures, { property: "data", reason }] };
}

/** In the form, encoded or plain, in which the program gives it. */
function fromDocker({ Spec: { Name, Labels, Data } }: Config, inputs: PropertyMap): PropertyMap {
    const plain = inputs.dataRaw !== undefined;
    return {
        data: plain ? null : Data,
        dataRaw: plain ? Buffer.from(Data, "base64").toString() : null,
        labels: labelPairs(Labels),
        name: Name,
    };
}
