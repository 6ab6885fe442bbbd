import { Command } from "commander";
import { stderrProgress } from "../../ui/progress.ts";

/** `sallyport kube disconnect [NAME…]`: closes tunnels, and gives the kubeconfig back as it was. */
export function disconnectCommand(): Command {
    return new Command("disconnect")
        .description("close tunnels, all where none is named, and restore the kubeconfig")
        .argument("[names...]", "clusters that are connected")
        .addHelpText("after", "\nExample:\n  npx sallyport kube disconnect payments-us")
        .action(async (names: string[]) => {
            const { disconnect } = await import("../../kube/sessions.ts");
            for (const name of await disconnect(names, stderrProgress())) {
                process.stderr.write(`${name}: disconnected\n`);
            }
        });
}
