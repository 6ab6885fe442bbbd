import { Command } from "commander";
import { Exit } from "../exit.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson, printTable } from "../ui/table.ts";

/** `sallyport audit STACK`: the promises, checked at run time. */
export function auditCommand(): Command {
    return new Command("audit")
        .description(
            "check a running stack: strangers are refused, also around Access, nothing is published or listens outside, tunnels are connected",
        )
        .argument("<stack>", "name of the stack, for example local")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport audit local")
        .action(async (stack: string, { json }: { json: boolean }) => {
            const { audit } = await import("../audit/audit.ts");
            const result = await audit(stack, stderrProgress());
            if (json) {
                printJson(result);
            } else {
                const { auditRows, failureText } = await import("../audit/report.ts");
                printTable(["SUBJECT", "", "CHECK", "SEEN"], auditRows(result));
                process.stderr.write(failureText(result));
            }
            if (!result.ok) {
                process.exitCode = Exit.no;
            }
        });
}
