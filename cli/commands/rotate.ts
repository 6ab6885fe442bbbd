import { Command } from "commander";
import type { Rotation } from "../rotate/rotate.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";
import { collect } from "./values.ts";

interface RotateFlags {
    due: boolean;
    only: string[];
    force: boolean;
    dryRun: boolean;
    yes: boolean;
    json: boolean;
}

/** `sallyport rotate STACK`: new secrets, keys and roots. */
export function rotateCommand(): Command {
    return new Command("rotate")
        .description("replace secrets, keys and roots of a stack by new ones: tunnel, service tokens, proxy, authority")
        .argument("<stack>", "name of the stack, for example prod")
        .option("--due", "only what the calendar asks for; changes no file", false)
        .option(
            "--only <name>",
            "only this one, or one kind: `service-token/ci`, `service-token`; may be repeated",
            collect,
            [],
        )
        .option("--force", "also what was rotated so lately that the one before is still good, which ends then", false)
        .option("--dry-run", "say what would be rotated, and rotate nothing", false)
        .option("--yes", "do not ask", false)
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport rotate prod --due --yes")
        .action(async (stack: string, { json, ...options }: RotateFlags) => {
            const { rotate } = await import("../rotate/rotate.ts");
            const rotation = await rotate(stack, { ...options, progress: stderrProgress() });
            if (json) printJson(rotation);
            else await print(rotation, options);
        });
}

async function print(
    { entries, rotated, settling, changedFile }: Rotation,
    { due, dryRun }: Pick<RotateFlags, "due" | "dryRun">,
): Promise<void> {
    const { entriesTable, settlingText } = await import("../rotate/report.ts");
    process.stdout.write(`${entriesTable(entries, process.stdout.isTTY)}\n\n`);
    const remarks = entries.filter(({ name }) => settling.includes(name)).map(settlingText);
    const done = dryRun ? "would be rotated" : "rotated";
    const nothing = due ? "nothing is due" : "nothing to rotate";
    process.stdout.write(
        `${[...remarks, rotated.length === 0 ? nothing : `${done}: ${rotated.join(", ")}`].join("\n")}\n`,
    );
    if (changedFile !== undefined) {
        process.stderr.write(
            `${changedFile} says so from now on: commit it, or the next deployment from the repository goes back.\n`,
        );
    }
}
