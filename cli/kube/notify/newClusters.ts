import { knownClusters } from "../discovery/clusters.ts";
import { readDiscoveryConfiguration } from "../discovery/configuration.ts";

/** How often the sources are asked for clusters while tunnels are open: ten minutes in milliseconds. */
const ASK_EVERY_MS = 600_000;

/**
 * Looks for clusters that were not there before, in the sources that the user and the project have configured.
 *
 * @param onNew hears the name of each
 * @param say hears what went wrong with looking
 */
export function watchForNewClusters(onNew: (cluster: string) => void, say: (text: string) => void): Disposable {
    let isLooking = false;
    const look = async () => {
        if (isLooking) {
            return; // a source takes its time
        }
        isLooking = true;
        try {
            const configuration = readDiscoveryConfiguration();
            const { added } = await knownClusters({ configuration, refresh: true, note: say });
            for (const { name } of added) {
                onNew(name);
            }
        } catch (error) {
            say(`looking for new clusters: ${(error as Error).message}`);
        } finally {
            isLooking = false;
        }
    };
    const timer = setInterval(() => void look(), ASK_EVERY_MS).unref();
    return { [Symbol.dispose]: () => clearInterval(timer) };
}
