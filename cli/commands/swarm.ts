import { Command } from "commander";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson, printTable } from "../ui/table.ts";
import { importCommand } from "./swarmImport.ts";
import { countOf, portNumber } from "./values.ts";

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
    swarm
        .command("watch")
        .description("keep what is published in step with the labels of the Swarm's services")
        .argument("[stack]", "name of the stack whose rules hold", LOCAL_STACK)
        .option("--once", "bring everything to what labels ask for now, and end", false)
        .option("--parallel <n>", "how many services are changed at once", countOf, 2)
        .option(
            "--status-port <n>",
            "port on loopback for /metrics, /healthz and /readyz; any free one where omitted",
            portNumber,
        )
        .option(
            "--status-network <cidr>",
            "private range of a Docker network on which they are served too, for Prometheus; loopback alone where omitted",
        )
        .option(
            "--read-from <address>",
            "Docker engine that is asked for services and events, such as a read-only proxy; the stack's own where omitted",
        )
        .option("--json", "one JSON document a line for everything that happens", false)
        .addHelpText("after", "\nExample:\n  npx sallyport swarm watch staging --status-port 9464")
        .action(async (stack: string, { json, ...options }: WatchOptions) => {
            const { watchSwarm } = await import("../swarm/watch/run.ts");
            const { reporter } = await import("../swarm/watch/report.ts");
            process.exitCode = await watchSwarm({
                stack,
                ...options,
                report: reporter(json),
                progress: stderrProgress(),
            });
        });
    swarm.addCommand(importCommand());
    return swarm;
}

interface WatchOptions {
    once: boolean;
    parallel: number;
    statusPort?: number;
    statusNetwork?: string;
    readFrom?: string;
    json: boolean;
}
