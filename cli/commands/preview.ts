import { Command, Option } from "commander";
import { CommandError, Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";

type Format = "text" | "json" | "markdown";

interface Options {
    offline: boolean;
    state?: string;
    against?: string;
    format: Format;
}

/** `sallyport preview STACK`: plan, policy verdicts and access difference. */
export function previewCommand(): Command {
    return new Command("preview")
        .description("plan a stack: what changes, what the policy pack says, who gains or loses access")
        .argument("<stack>", "name of the stack, for example staging")
        .option("--offline", "against an empty state, with no account, no credentials, no Docker and no network", false)
        .option("--state <file>", "offline, against a state that `pulumi stack export` wrote")
        .option("--against <ref>", "offline, and say who gains or loses access since a commit, for example origin/main")
        .addOption(
            new Option("--format <format>", "how to print it").choices(["text", "json", "markdown"]).default("text"),
        )
        .addHelpText(
            "after",
            "\nExample:\n  npx sallyport preview staging --offline --against origin/main --format markdown",
        )
        .action(async (stack: string, options: Options) => {
            checkOptions(options);
            const { offline, state, against, format } = options;
            const { planStack } = await import("../preview/plan.ts");
            const reviewed = await planStack(stack, { offline, state, against, progress: stderrProgress() });
            const { plan } = reviewed;
            if (format === "json") {
                printJson(plan);
            } else {
                const { markdownReport, textReport } = await import("../preview/report.ts");
                process.stdout.write(`${format === "markdown" ? markdownReport(reviewed) : textReport(reviewed)}\n`);
            }
            if (plan.violations.some(({ level }) => level === "mandatory")) {
                process.exitCode = Exit.no;
            }
        });
}

function checkOptions({ offline, state, against }: Options): void {
    const [needing] = [state && "--state", against && "--against"].filter(Boolean);
    if (needing !== undefined && !offline) {
        throw new CommandError(Exit.usage, `${needing} is for offline previews`, "add --offline");
    }
}
