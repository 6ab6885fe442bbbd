import { type Listener, listenersOf } from "../sockets/listeners.ts";
import { keep, localFiles, readIfThere } from "./files.ts";

/** What listened on the machine before the local environment was first brought up. */
export type HostSockets = readonly Omit<Listener, "inode">[];

/**
 * Notes what listens on this machine, for `sallyport audit local` to compare with. The first note counts until the environment
 * is taken down: later ones would call our own sockets old. Nothing is noted where there is no /proc.
 */
export async function noteHostSockets(): Promise<void> {
    if (process.platform === "linux" && readIfThere(localFiles.hostSockets) === undefined) {
        const before = (await listenersOf()).map(({ protocol, address, port }) => ({ protocol, address, port }));
        keep(localFiles.hostSockets, () => JSON.stringify(before));
    }
}

/** What {@link noteHostSockets} noted, if it did. */
export function notedHostSockets(): HostSockets | undefined {
    const text = readIfThere(localFiles.hostSockets);
    return text === undefined ? undefined : (JSON.parse(text) as HostSockets);
}
