import { z } from "zod";
import { EmulatorError, EmulatorErrorCode } from "../../emulatorError.ts";
import type { Store, StoreContents } from "./store.ts";

const format = "sallyport-emulator";
const version = 1;

const snapshotSchema = z.strictObject({
    format: z.literal(format),
    version: z.literal(version),
    contents: z.record(z.string(), z.record(z.string(), z.array(z.looseObject({ id: z.string() })))),
});

/**
 * Everything that the emulator remembers, as plain JSON: every account's objects, with the tunnels' secrets. Live
 * connections, faults and the request log are not part of it.
 */
export interface EmulatorSnapshot {
    readonly format: typeof format;
    readonly version: typeof version;
    readonly contents: StoreContents;
}

/** The store's present contents, rows shared with it: to be written out at once, not to be kept. */
export function presentState(store: Store): EmulatorSnapshot {
    return { format, version, contents: store.contents() };
}

/** A copy of the store's present contents, which nothing changes any more. */
export function takeSnapshot(store: Store): EmulatorSnapshot {
    return structuredClone(presentState(store));
}

/**
 * Checks something that should be a snapshot.
 *
 * @param origin where it came from, for the message.
 * @throws EmulatorError `state-damaged` when it is not one.
 */
export function readSnapshot(value: unknown, origin: string): EmulatorSnapshot {
    const parsed = snapshotSchema.safeParse(value);
    if (parsed.success) {
        return structuredClone(parsed.data);
    }
    const [issue] = parsed.error.issues;
    const place = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
    throw new EmulatorError(
        EmulatorErrorCode.StateDamaged,
        `${origin} is not a snapshot of this emulator's version${place}. It was left as it is; move it away to start empty.`,
    );
}
