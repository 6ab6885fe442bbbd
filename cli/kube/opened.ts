import { setTimeout as delay } from "node:timers/promises";
import { contextName, type SessionCluster } from "./session/cluster.ts";
import { TunnelState, type TunnelView } from "./session/state.ts";
import { stateWords } from "./words.ts";

const LOOK_EVERY_MS = 50;

/** A cluster that was opened, as `sallyport kube connect --json` has it. */
export interface OpenedCluster extends TunnelView {
    readonly context: string;
    /** Its state, for people. */
    readonly words: string;
}

/** Waits until it is known of every cluster how its tunnel is. Those that Access refuses are named: nothing is to be expected of them. */
export async function opened(
    clusters: readonly SessionCluster[],
    views: () => Promise<readonly TunnelView[]>,
): Promise<{ views: OpenedCluster[]; refused: string[] }> {
    for (;;) {
        const own = (await views()).filter(({ name }) => clusters.some((cluster) => cluster.name === name));
        if (own.every(({ state }) => state !== TunnelState.Connecting)) {
            return {
                views: own.map((view) => ({ ...view, context: contextName(view.name), words: stateWords(view) })),
                refused: own.filter(({ state }) => state === TunnelState.Refused).map(({ name }) => name),
            };
        }
        await delay(LOOK_EVERY_MS);
    }
}
