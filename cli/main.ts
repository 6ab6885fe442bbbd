import { Command, CommanderError } from "commander";
import manifest from "../package.json" with { type: "json" };
import { auditCommand } from "./commands/audit.ts";
import { caCommand } from "./commands/ca.ts";
import { connectCommand } from "./commands/connect.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { driftCommand } from "./commands/drift.ts";
import { emulatorCommand } from "./commands/emulator.ts";
import { kubeCommand } from "./commands/kube.ts";
import { localCommand } from "./commands/local.ts";
import { mapCommand } from "./commands/map.ts";
import { pinCommand } from "./commands/pin.ts";
import { previewCommand } from "./commands/preview.ts";
import { reachCommand, whoCanReachCommand } from "./commands/reach.ts";
import { shareCommand } from "./commands/share.ts";
import { swarmCommand } from "./commands/swarm.ts";
import { tlsCommand } from "./commands/tls.ts";
import { Exit } from "./exit.ts";
import { reportFailure } from "./ui/failure.ts";

/** Runs the command line; the result is the process's exit code. */
export async function main(args: string[]): Promise<Exit> {
    const program = new Command("sallyport")
        .description(manifest.description)
        .version(manifest.version)
        .addHelpText("after", "\nExample:\n  npx sallyport preview staging --offline")
        .addCommand(localCommand())
        .addCommand(previewCommand())
        .addCommand(mapCommand())
        .addCommand(reachCommand())
        .addCommand(whoCanReachCommand())
        .addCommand(auditCommand())
        .addCommand(driftCommand())
        .addCommand(pinCommand())
        .addCommand(connectCommand())
        .addCommand(shareCommand())
        .addCommand(swarmCommand())
        .addCommand(kubeCommand())
        .addCommand(caCommand())
        .addCommand(tlsCommand())
        .addCommand(doctorCommand())
        .addCommand(emulatorCommand());
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
