import { text } from "node:stream/consumers";
import { Command } from "commander";
import { CommandError, Exit } from "../../exit.ts";
import { printTable } from "../../ui/table.ts";

interface Flags {
    desktop?: boolean;
    /** `-` reads it from standard input; `--no-webhook` says false. */
    webhook?: "-" | false;
    test: boolean;
}

/** `sallyport kube notify`: how one is told that a tunnel drops, a login ends or a cluster appears. */
export function notifyCommand(): Command {
    return new Command("notify")
        .description("choose how you are told that a tunnel drops, a login ends or a cluster appears")
        .option("--desktop", "show it on the desktop; so where nothing was chosen")
        .option("--no-desktop", "show nothing on the desktop")
        .option(
            "--webhook <source>",
            "tell the address that stands on standard input: `-`, for an address may be a secret",
        )
        .option("--no-webhook", "tell no address")
        .option("--test", "tell something now", false)
        .addHelpText("after", "\nExample:\n  npx sallyport kube notify --webhook - < webhook-address.txt")
        .action(run);
}

async function run({ desktop, webhook, test }: Flags): Promise<void> {
    const { isWebhook, keepNotifySettings, notifySettings } = await import("../../kube/notify/settings.ts");
    const before = notifySettings();
    if (typeof webhook === "string" && webhook !== "-") {
        const fix = "pass it on standard input: sallyport kube notify --webhook - < FILE";
        throw new CommandError(Exit.usage, "--webhook: an address as an argument is seen by everybody here", fix);
    }
    const address =
        webhook === "-" ? (await text(process.stdin)).trim() : webhook === false ? undefined : before.webhook;
    if (address !== undefined && !isWebhook(address)) {
        throw new CommandError(Exit.usage, "--webhook: is no address over https://", "write one, and nothing else");
    }
    const settings = { desktop: desktop ?? before.desktop, ...(address === undefined ? {} : { webhook: address }) };
    keepNotifySettings(settings);
    printTable(
        ["WAY", "ON"],
        [
            ["desktop", settings.desktop ? "yes" : "no"],
            ["webhook", address === undefined ? "no" : `yes, at ${new URL(address).host}`],
        ],
    );
    if (test) {
        const { tellAll } = await import("../../kube/notify/notifier.ts");
        const { NewsKind } = await import("../../kube/notify/news.ts");
        const problems = await tellAll({ event: NewsKind.Test, cluster: "" });
        for (const problem of problems) {
            process.stderr.write(`${problem}\n`);
        }
        if (problems.length > 0) {
            process.exitCode = Exit.failed;
        }
    }
}
