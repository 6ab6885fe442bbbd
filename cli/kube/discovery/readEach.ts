import type { Reading } from "./cluster.ts";
import { reasonOf } from "./reasons.ts";

/** Entries that are read at the same time: clouds throttle by account. */
const SIDE_BY_SIDE = 4;

/** Reads each entry by itself: one that cannot be read is told of, and does not hide the others. The order of the names stays. */
export async function readEach<Entry>(
    names: readonly string[],
    signal: AbortSignal,
    read: (name: string) => Promise<Entry>,
): Promise<Pick<Reading, "problems"> & { entries: Entry[] }> {
    const outcomes = new Map<string, { entry: Entry } | { problem: string }>();
    const waiting = [...names];
    const readNext = async (): Promise<void> => {
        for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
            try {
                outcomes.set(name, { entry: await read(name) });
            } catch (error) {
                signal.throwIfAborted();
                outcomes.set(name, { problem: `${name}: ${reasonOf(error)}` });
            }
        }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, readNext));
    const inOrder = names.flatMap((name) => outcomes.get(name) ?? []);
    return {
        entries: inOrder.flatMap((outcome) => ("entry" in outcome ? [outcome.entry] : [])),
        problems: inOrder.flatMap((outcome) => ("problem" in outcome ? [outcome.problem] : [])),
    };
}
