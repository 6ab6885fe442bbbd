import type { LoggedRequest } from "./http/requestLog.ts";
import type { Store } from "./store/store.ts";
import type { TunnelRegistry } from "./tunnelRegistry.ts";

/** What handlers share: the emulator's memory, its clock, and the connectors that are live at the moment. */
export interface Services {
    readonly store: Store;
    readonly clock: () => Date;
    readonly tunnels: TunnelRegistry;
    /** The last requests, oldest first. */
    readonly requests: () => readonly LoggedRequest[];
}
