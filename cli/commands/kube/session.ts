import { Command } from "commander";
import { endAsked } from "../../endAsked.ts";
import { lineLog } from "../../ui/log.ts";

/** `sallyport kube session`: what `connect --detach` runs in the background; for nobody to type. */
export function sessionCommand(): Command {
    return new Command("session").description("hold tunnels open, as other commands ask for").action(async () => {
        const { silentProgress } = await import("../../../toolchain/progress.ts");
        const { startSession } = await import("../../kube/connect.ts");
        const { watchForNewClusters } = await import("../../kube/notify/newClusters.ts");
        const { notifier } = await import("../../kube/notify/notifier.ts");
        const { spanWords, stateWords } = await import("../../kube/words.ts");
        const log = lineLog();
        const notify = notifier(log);
        await using own = await startSession(true, silentProgress, {
            onChange: (now, before) => {
                // The log is a file: whoever reads it must not find where to log in.
                log(`${now.name}: ${now.loginUrl === undefined ? stateWords(now) : "login needed"}`);
                notify.change(now, before);
            },
            onWake: (sleptMs) => log(`the machine slept for ${spanWords(sleptMs)}`),
        });
        using _logins = notify.watchLogins(() => own.session.views);
        using _clusters = watchForNewClusters((cluster) => notify.newCluster(cluster), log);
        await Promise.race([endAsked(), own.closed]);
    });
}
