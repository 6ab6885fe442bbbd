import { Command } from "commander";
import { Exit } from "../../exit.ts";
import { stderrProgress } from "../../ui/progress.ts";
import { printJson, printTable } from "../../ui/table.ts";

/** `sallyport kube status`: the tunnels that are open, in whatever terminal. */
export function statusCommand(): Command {
    return new Command("status")
        .description("the tunnels that are open, and how they are")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport kube status")
        .action(async ({ json }: { json: boolean }) => {
            const { openClusters } = await import("../../kube/sessions.ts");
            const { TunnelState } = await import("../../kube/session/state.ts");
            const { TUNNEL_COLUMNS, tunnelRow } = await import("../../kube/words.ts");
            const open = await openClusters(stderrProgress());
            if (json) {
                printJson({ clusters: open });
            } else {
                printTable(
                    ["", ...TUNNEL_COLUMNS, "WHERE"],
                    open.map((cluster) => [
                        cluster.current ? "*" : "",
                        ...tunnelRow(cluster, Date.now()),
                        cluster.background ? "background" : `process ${cluster.pid}`,
                    ]),
                );
            }
            if (open.some(({ state }) => state !== TunnelState.Up)) {
                process.exitCode = Exit.no;
            }
        });
}
