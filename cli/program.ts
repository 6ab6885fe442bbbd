import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { Exit } from "./exit.ts";
import { reportFailure } from "./ui/failure.ts";

/**
 * Runs one of these commands; the result is the process's exit code.
 *
 * @param after what the program's own help ends with.
 */
export async function runProgram(args: string[], commands: readonly Command[], after: string): Promise<Exit> {
    const program = new Command("sallyport")
        .description(manifest.description)
        .version(manifest.version)
        .addHelpText("after", after);
    for (const command of commands) {
        program.addCommand(command);
    }
    for (const command of withDescendants(program)) {
        command.exitOverride().showHelpAfterError("(add --help for an example)");
    }
    try {
        await program.parseAsync(args, { from: "user" });
        return (process.exitCode as Exit | undefined) ?? Exit.ok;
    } catch (error) {
        if (error instanceof CommanderError) {
            // commander has printed its own message; help and version are no mistakes.
            return error.exitCode === 0 ? Exit.ok : Exit.usage;
        }
        return reportFailure(error);
    }
}

function withDescendants(command: Command): Command[] {
    return [command, ...command.commands.flatMap(withDescendants)];
}
