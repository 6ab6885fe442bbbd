import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { KeptPlugins, type Progress, underLock } from "../../../toolchain/index.ts";
import { endAsked } from "../../endAsked.ts";
import { Exit } from "../../exit.ts";
import { engineOf } from "../engineOf.ts";
import { swarmFolder } from "../exposureStacks.ts";
import { openOwner } from "../owner.ts";
import { Health } from "./health.ts";
import { WatchMetrics } from "./metrics.ts";
import type { WatchEvent } from "./report.ts";
import { startStatusServer } from "./statusServer.ts";
import { SwarmExposures } from "./swarmExposures.ts";
import { waitAskedFor } from "./waitAskedFor.ts";
import { watch } from "./watch.ts";
import { Watcher } from "./watcher.ts";
import { keepYoungMemoryAsItIs } from "./youngMemory.ts";

export interface WatchSwarmOptions {
    /** Stack whose rules hold. */
    readonly stack: string;
    /** Bring exposures to what labels ask for now, and end. */
    readonly once: boolean;
    /** How many exposures are changed at once. */
    readonly parallel: number;
    /** Port on loopback for metrics and health; any free one where omitted. */
    readonly statusPort?: number;
    /** Private range of a network on which metrics and health are served too; loopback alone where omitted. */
    readonly statusNetwork?: string;
    /** Docker engine that is asked for services and events, such as a proxy that lets nothing be changed; the stack's own where omitted. */
    readonly readFrom?: string;
    readonly report: (event: WatchEvent) => void;
    readonly progress: Progress;
}

/**
 * Keeps the exposures of a Swarm in step with its labels, as the only daemon of this machine that does it for the stack.
 *
 * @returns once it is asked to end; with `once` when all is done: 1 where a service is refused or the policy pack forbids a change, 3 where something
 *     failed.
 * @throws CommandError when the stack is not deployed or Docker does not answer.
 */
export async function watchSwarm(options: WatchSwarmOptions): Promise<Exit> {
    const { stack, progress } = options;
    const owner = await openOwner(stack, progress);
    const docker = await engineOf(
        options.readFrom === undefined ? owner : { environment: { dockerHost: options.readFrom } },
    );
    const folder = swarmFolder(stack);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return underLock(join(folder, ".watching"), `watching the Swarm of ${stack}`, progress, async (lost) => {
        await using plugins = new KeptPlugins();
        const exposures = new SwarmExposures(owner, docker, plugins);
        const { parallel, report } = options;
        if (options.once) {
            return await reconcileOnce(await Watcher.start({ exposures, parallel, report, waitAskedFor }));
        }
        keepYoungMemoryAsItIs();
        const health = new Health();
        const metrics = new WatchMetrics(() => watcher.state);
        const tell = (event: WatchEvent) => {
            metrics.told(event);
            report(event);
        };
        const watcher = await Watcher.start({ exposures, parallel, report: tell, waitAskedFor });
        await using status = await startStatusServer(
            { port: options.statusPort ?? 0, network: options.statusNetwork },
            metrics,
            health,
        );
        tell({ event: "watching", status: status.url });
        const asked = new AbortController();
        void endAsked().then(() => asked.abort());
        await watch({
            docker,
            watcher,
            signal: AbortSignal.any([asked.signal, lost]),
            report: tell,
            onEvent: () => metrics.engineEvent(),
            onListing: (succeeded) => {
                if (succeeded) health.listed();
                if (succeeded) metrics.listed();
            },
        });
        health.stopping();
        await watcher.close();
        return Exit.ok;
    });
}

async function reconcileOnce(watcher: Watcher): Promise<Exit> {
    await watcher.reconcile();
    await watcher.idle();
    const { failing, refused, violated } = watcher.state;
    await watcher.close();
    if (failing > 0) return Exit.failed;
    return refused > 0 || violated > 0 ? Exit.no : Exit.ok;
}
