import { Command } from "commander";
import { Exit } from "../exit.ts";
import { printJson, printTable } from "../ui/table.ts";

/** `sallyport audit STACK`: the promises, checked at run time. */
export function auditCommand(): Command {
    return new Command("audit")
        .description(
            "check a running stack: strangers are refused, the guards are in place, nothing is published, tunnels are connected",
        )
        .argument("<stack>", "name of the stack, for example local")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport audit local")
        .action(async (stack: string, { json }: { json: boolean }) => {
            const { audit } = await import("../audit/audit.ts");
            const result = await audit(stack);
            if (json) {
                printJson(result);
            } else {
                printTable(
                    ["", "CHECK", "SUBJECT", "SEEN"],
                    result.checks.map(({ ok, id, subject, detail }) => [ok ? "ok" : "!!", id, subject, detail]),
                );
                const failed = result.checks.filter(({ ok }) => !ok);
                for (const { id, subject, detail } of failed) {
                    process.stderr.write(`${id}: ${subject}: ${detail}\n`);
                }
            }
            if (!result.ok) {
                process.exitCode = Exit.no;
            }
        });
}
