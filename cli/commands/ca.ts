import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { LOCAL_STACK } from "../../stacks/config/localStack.ts";
import { CommandError, Exit } from "../exit.ts";
import type { Authority } from "../trust/authority.ts";
import type { Changed } from "../trust/change.ts";
import { Through } from "../trust/through.ts";
import { printJson, printTable } from "../ui/table.ts";

interface InstallOptions {
    stack: string;
    ca?: string;
    through: Through;
    yes: boolean;
    json: boolean;
}

interface UninstallOptions {
    stack?: string;
    ca?: string;
    yes: boolean;
    json: boolean;
}

/** `sallyport ca install|uninstall|ls`: whom this machine trusts because of us. */
export function caCommand(): Command {
    const install = new Command("install")
        .description("trust a stack's authority on this machine and in its browsers; shows the commands and asks first")
        .option("--stack <stack>", "stack whose authority it is", LOCAL_STACK)
        .option("--ca <file>", "authority in a file instead, PEM")
        .addOption(
            new Option("--through <means>", "what changes the stores: the system's own commands, or mkcert")
                .choices(Object.values(Through))
                .default(Through.System),
        )
        .option("--yes", "do not ask", false)
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport ca install --stack staging")
        .action(runInstall);
    const uninstall = new Command("uninstall")
        .description("undo it, also where the stack is gone; everything that was installed where nothing is named")
        .option("--stack <stack>", "only what came from this stack")
        .option("--ca <file>", "only what came from this file")
        .option("--yes", "do not ask", false)
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport ca uninstall --stack staging")
        .action(runUninstall);
    const list = new Command("ls")
        .description("authorities that were installed from here")
        .option("--json", "one JSON document", false)
        .addHelpText("after", "\nExample:\n  npx sallyport ca ls")
        .action(runList);
    return new Command("ca")
        .description("trust a stack's own certificate authority on this machine")
        .addCommand(install)
        .addCommand(uninstall)
        .addCommand(list);
}

async function runInstall({ stack, ca, through, yes, json }: InstallOptions): Promise<void> {
    const { installAuthorities } = await import("../trust/change.ts");
    const from = ca ?? stack;
    const authorities = ca === undefined ? await authoritiesOfStack(stack) : await authoritiesOfFile(ca);
    print(await installAuthorities({ authorities, from, through, yes }), "trusted", json);
}

async function runUninstall({ stack, ca, yes, json }: UninstallOptions): Promise<void> {
    if (stack !== undefined && ca !== undefined) {
        throw new CommandError(Exit.usage, "--stack and --ca name two things", "leave one of them out");
    }
    const { uninstallAuthorities } = await import("../trust/change.ts");
    const { installedAuthorities } = await import("../trust/journal.ts");
    const wanted = stack ?? ca;
    const installed = installedAuthorities().filter(({ from }) => wanted === undefined || from === wanted);
    print(await uninstallAuthorities(installed, yes), "removed", json);
}

async function runList({ json }: { json: boolean }): Promise<void> {
    const { installedAuthorities } = await import("../trust/journal.ts");
    const rows = installedAuthorities().map(({ authority, from, through }) => ({
        name: authority.name,
        from,
        through,
        ends: authority.certificate.validToDate.toISOString().slice(0, 10),
        fingerprint: authority.fingerprint,
    }));
    if (json) {
        printJson(rows);
    } else {
        printTable(
            ["AUTHORITY", "FROM", "THROUGH", "ENDS", "SHA-256"],
            rows.map(({ name, from, through, ends, fingerprint }) => [name, from, through, ends, fingerprint]),
        );
    }
}

/** Of the local stack that of the emulated edge, which browsers meet; of others that of their origins. */
async function authoritiesOfStack(stack: string): Promise<Authority[]> {
    const { auditTarget } = await import("../audit/target.ts");
    const { authoritiesIn } = await import("../trust/authority.ts");
    const { edge, originCaPem } = await auditTarget(stack);
    return authoritiesIn(edge?.caPem ?? originCaPem ?? "", `the stack ${stack}`);
}

async function authoritiesOfFile(file: string): Promise<Authority[]> {
    const { authoritiesIn } = await import("../trust/authority.ts");
    let pem: string;
    try {
        pem = readFileSync(file, "utf8");
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new CommandError(
            Exit.usage,
            `--ca: "${file}" cannot be read: ${reason}`,
            "name a PEM file, such as rootCA.pem",
        );
    }
    return authoritiesIn(pem, file);
}

function print(changes: readonly Changed[], done: string, json: boolean): void {
    if (json) {
        printJson(changes);
    } else {
        const rows = changes.map(({ authority, store, changed }) => [
            changed ? done : `${done} before`,
            authority,
            store,
        ]);
        printTable(["", "AUTHORITY", "STORE"], rows);
    }
}
