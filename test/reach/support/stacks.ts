import { accessGraph } from "../../../cli/reach/graph.ts";
import type { AccessGraph } from "../../../cli/reach/model.ts";
import { resourcesOfState, type SerializedResource } from "../../../cli/reach/resources.ts";
import { deploy } from "../../support/mocks.ts";

/** The graph of what a program declares: as deployed, with every id known, or as a preview sees it before that, with none. */
export async function graphOfProgram(program: () => unknown, preview = false): Promise<AccessGraph> {
    const { resources, error } = await deploy(program, { preview });
    if (error !== undefined) throw error;
    return accessGraph(resourcesOfState(resources));
}

/** A resource by hand, as a state has it. Its id is its name. */
export function resource(type: string, name: string, inputs: object = {}, more: Partial<SerializedResource> = {}) {
    const urn = `urn:pulumi:test::raw::${type}::${name}`;
    return { urn, type, id: name, inputs: { ...inputs }, ...more } satisfies SerializedResource;
}

export function graphOf(...resources: SerializedResource[]): AccessGraph {
    return accessGraph(resourcesOfState(resources));
}
