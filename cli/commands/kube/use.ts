import { Command } from "commander";
import { stderrProgress } from "../../ui/progress.ts";

/** `sallyport kube use NAME`: another open cluster for kubectl, without opening anything. */
export function useCommand(): Command {
    return new Command("use")
        .description("switch kubectl to another cluster that is connected")
        .argument("<name>", "a cluster that is connected")
        .addHelpText("after", "\nExample:\n  npx sallyport kube use payments-eu")
        .action(async (name: string) => {
            const { use } = await import("../../kube/sessions.ts");
            process.stdout.write(`${await use(name, process.env, stderrProgress())}\n`);
        });
}
