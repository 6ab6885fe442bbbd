import { Command } from "commander";
import { Exit } from "../exit.ts";
import type { RecoveryPlan } from "../recover/plan.ts";
import { stderrProgress } from "../ui/progress.ts";
import { printJson } from "../ui/table.ts";

interface Flags {
    own: string[];
    leave: string[];
    previewOnly: boolean;
    yes: boolean;
    json: boolean;
}

const each = (id: string, before: string[]) => [...before, id];

/** `sallyport recover STACK`: a state that was lost, from what the account and Docker still have. */
export function recoverCommand(): Command {
    return new Command("recover")
        .description("find what a stack made whose state is lost or old, import it with its ids, and deploy the rest")
        .argument("<stack>", "name of the stack, for example staging")
        .option("--preview-only", "show the plan and change nothing", false)
        .option("--yes", "carry the plan out without asking", false)
        .option("--own <id>", "an object that is this stack's although nothing shows it; may be repeated", each, [])
        .option("--leave <id>", "an object that is somebody else's and stays as it is; may be repeated", each, [])
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport recover staging --preview-only")
        .action(async (stack: string, { own, leave, previewOnly, yes, json }: Flags) => {
            const { isRefused, recover } = await import("../recover/recover.ts");
            const { planReport } = await import("../recover/report.ts");
            const out = json ? process.stderr : process.stdout;
            const agree = async (plan: RecoveryPlan) => {
                out.write(`${planReport(plan)}\n`);
                if (previewOnly || yes) return;
                const { askForAgreement } = await import("../ui/agreement.ts");
                await askForAgreement(`Recover ${stack}?`, "the plan");
            };
            const recovery = await recover(stack, {
                testimony: { own: new Set(own), leave: new Set(leave) },
                previewOnly,
                agree,
                progress: stderrProgress(),
            });
            const isPlanned = recovery.done || (previewOnly && recovery.doubtful.length === 0 && !isRefused(recovery));
            if (json) printJson(recovery);
            else if (!isPlanned) out.write(`${planReport(recovery)}\n`);
            else if (recovery.done) out.write(`${stack} is recovered\n`);
            if (!isPlanned) process.exitCode = Exit.no;
        });
}
