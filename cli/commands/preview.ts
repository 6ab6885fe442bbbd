import { Command, Option } from "commander";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";

type Format = "text" | "json" | "markdown";

/** `sallyport preview STACK`: plan, policy verdicts and access difference. */
export function previewCommand(): Command {
    return new Command("preview")
        .description("plan a stack: what changes, what the policy pack says, who gains or loses access")
        .argument("<stack>", "name of the stack, for example staging")
        .option("--offline", "against an empty state, with no account, no credentials, no Docker and no network", false)
        .addOption(
            new Option("--format <format>", "how to print it").choices(["text", "json", "markdown"]).default("text"),
        )
        .addHelpText("after", "\nExample:\n  npx sallyport preview staging --offline --format markdown")
        .action(async (stack: string, { offline, format }: { offline: boolean; format: Format }) => {
            const { planStack } = await import("../preview/plan.ts");
            const plan = await planStack(stack, { offline, progress: stderrProgress() });
            if (format === "json") {
                printJson(plan);
            } else {
                const { markdownReport, textReport } = await import("../preview/report.ts");
                process.stdout.write(`${format === "markdown" ? markdownReport(plan) : textReport(plan)}\n`);
            }
            if (plan.violations.some(({ level }) => level === "mandatory")) {
                process.exitCode = Exit.no;
            }
        });
}
