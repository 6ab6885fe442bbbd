import { Command, Option } from "commander";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";

interface Options {
    format: "text" | "json" | "markdown";
    json: boolean;
}

/** `sallyport drift STACK`: what the files declare, what the account and Docker have, and what runs. */
export function driftCommand(): Command {
    return new Command("drift")
        .description(
            "compare a stack three ways: declared with deployed, deployed with what is there, promised with what runs",
        )
        .argument("<stack>", "name of the stack, for example staging")
        .addOption(
            new Option("--format <format>", "how to print it").choices(["text", "json", "markdown"]).default("text"),
        )
        .option("--json", "one JSON document, as --format json", false)
        .addHelpText("after", "\nExample:\n  npx sallyport drift staging")
        .action(async (stack: string, { format, json }: Options) => {
            const { drift } = await import("../drift/drift.ts");
            const found = await drift(stack, stderrProgress());
            if (json || format === "json") {
                printJson(found);
            } else {
                const { markdownReport, textReport } = await import("../drift/report.ts");
                process.stdout.write(`${format === "markdown" ? markdownReport(found) : textReport(found)}\n`);
            }
            if (!found.ok) {
                process.exitCode = Exit.no;
            }
        });
}
