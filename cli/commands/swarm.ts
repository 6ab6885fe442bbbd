import { Command } from "commander";
import { LOCAL_STACK } from "../../stacks/config/parse.ts";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson, printTable } from "../ui/table.ts";

/** `sallyport swarm …`: services of a Docker Swarm that say in their labels how they are to be reached. */
export function swarmCommand(): Command {
    const swarm = new Command("swarm").description("services of a Docker Swarm, published as their labels ask for");
    swarm
        .command("ls")
        .description("each labelled service: its host names, who may enter, and whether it is published or why not")
        .argument("[stack]", "name of the stack whose rules hold", LOCAL_STACK)
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport swarm ls staging")
        .action(async (stack: string, { json }: { json: boolean }) => {
            const { listLabelled, rowsOf } = await import("../swarm/ls.ts");
            const services = await listLabelled(stack, stderrProgress());
            if (json) {
                printJson(services);
            } else {
                printTable(["SERVICE", "STATE", "HOST NAMES", "AUDIENCE", "WHY"], rowsOf(services));
            }
            if (services.some(({ state }) => state === "refused")) {
                process.exitCode = Exit.no;
            }
        });
    return swarm;
}
