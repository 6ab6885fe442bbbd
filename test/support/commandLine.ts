import { Command, CommanderError } from "commander";
import { commands } from "../../cli/main.ts";

/** What a line that only names a command, or a part of it, may leave out. */
const LEFT_OUT = new Set([
    "commander.missingArgument",
    "commander.optionMissingArgument",
    "commander.missingMandatoryOptionValue",
]);

/**
 * What the command line has against words, without doing what they ask for; nothing where it takes them.
 *
 * @param options.partial whether arguments and options that are needed may be missing.
 */
export function refusal(words: readonly string[], { partial = false } = {}): string | undefined {
    const program = new Command("sallyport");
    for (const command of commands()) program.addCommand(command);
    for (const command of withDescendants(program)) {
        command.exitOverride().configureOutput({ writeErr: () => {}, writeOut: () => {} });
        if (command.commands.length === 0) command.action(() => {});
    }
    try {
        program.parse([...words], { from: "user" });
        return undefined;
    } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        const shown = error.exitCode === 0 || error.code === "commander.help";
        return shown || (partial && LEFT_OUT.has(error.code))
            ? undefined
            : `sallyport ${words.join(" ")}: ${error.message}`;
    }
}

function withDescendants(command: Command): Command[] {
    return [command, ...command.commands.flatMap(withDescendants)];
}
