/** `docker.Secret`, a Swarm secret. Docker never gives its content back, so the state keeps it, sealed. */
import { reasonOf, statusOf } from "../../../docker/wait.ts";
import type { PropertyMap, ResourceHandler } from "../../plugin/provider.ts";
import { checkNamed } from "./check.ts";
import { adoptState, diffFields } from "./compare.ts";
import type { Engine } from "./engine.ts";
import { type Fields, labels, text } from "./schema.ts";
import { labelPairs, labelsOf, textOf } from "./values.ts";

export const secretFields: Fields = {
    name: text({ replaces: true }),
    data: text({ required: true, replaces: true, base64: true }),
    labels: labels({ replaces: true }),
};

interface Secret {
    readonly ID: string;
    readonly Spec: { readonly Name: string; readonly Labels?: Record<string, string> };
}

export function secretHandler(engine: Engine): ResourceHandler {
    return {
        secrets: ["data"],
        check: (request) => checkNamed(secretFields, request),
        diff: (request) => diffFields(secretFields, request),
        async create({ inputs }) {
            const docker = await engine.docker();
            const spec = { Name: textOf(inputs.name), Labels: labelsOf(inputs.labels), Data: textOf(inputs.data) };
            const { id } = await docker.createSecret(spec);
            const labels = labelPairs(spec.Labels);
            return { id, outputs: { data: spec.Data, labels, name: spec.Name } };
        },
        async read({ id, inputs, state }) {
            const docker = await engine.docker();
            let secret: Secret;
            try {
                secret = (await docker.getSecret(id).inspect()) as unknown as Secret;
            } catch (error) {
                if (statusOf(error) === 404) return undefined;
                throw error;
            }
            if (state.data === undefined) {
                throw new Error(
                    `secret "${id}" cannot be imported: Docker does not give its data back; declare a new one`,
                );
            }
            const outputs: PropertyMap = {
                data: state.data,
                labels: labelPairs(secret.Spec.Labels),
                name: secret.Spec.Name,
            };
            return { id: secret.ID, outputs, inputs: adoptState(secretFields, inputs, outputs) };
        },
        async delete({ id }) {
            const docker = await engine.docker();
            try {
                await docker.getSecret(id).remove();
            } catch (error) {
                throw new Error(reasonOf(error));
            }
        },
    };
}
