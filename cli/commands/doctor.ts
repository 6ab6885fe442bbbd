import { Command } from "commander";
import { Exit } from "../exit.ts";
import { projectDir } from "../project.ts";
import { printJson, printTable } from "../ui/table.ts";

/** `sallyport doctor`: what is there, and the command that fixes what is not. */
export function doctorCommand(): Command {
    return new Command("doctor")
        .description("tools: version, where from, what is missing and the command that fixes it")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport doctor")
        .action(async ({ json }: { json: boolean }) => {
            const { diagnose } = await import("../../toolchain/index.ts");
            const rows = await diagnose({ projectDir });
            if (json) {
                printJson(rows);
            } else {
                printTable(
                    ["", "TOOL", "VERSION", "FROM", "FIX"],
                    rows.map(({ ok, tool, version, source, fix }) => [
                        ok ? "ok" : "!!",
                        tool,
                        version ?? "",
                        source ?? "",
                        fix ?? "",
                    ]),
                );
            }
            if (rows.some(({ ok }) => !ok)) {
                process.exitCode = Exit.failed;
            }
        });
}
