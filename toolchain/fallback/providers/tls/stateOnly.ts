/** The TLS resources live in the state alone: a read gives back what is there, and there is nothing to import from. */
import type { ReadRequest, ReadResult } from "../../plugin/provider.ts";

export async function readState({ id, type, inputs, state }: ReadRequest): Promise<ReadResult> {
    if (Object.keys(state).length === 0) {
        throw new Error(`'${type}' cannot be imported: it exists in the state alone`);
    }
    return { id, outputs: state, inputs };
}
