import type { Command } from "commander";
import { CommandError, Exit } from "../exit.ts";
import type { SourceOptions } from "../reach/sources.ts";

/** Options of the commands that ask a graph: what it is computed from. */
export interface SourceFlags {
    offline: boolean;
    state?: string;
}

export function withSource(command: Command): Command {
    return command
        .option("--offline", "by what the stack's files declare, deployed or not; no account or network needed", false)
        .option("--state <file>", "by a state that `pulumi stack export` wrote");
}

/** @throws CommandError (exit 2) where both are given. */
export function sourceOf({ offline, state }: SourceFlags): Omit<SourceOptions, "progress"> {
    if (offline && state !== undefined) {
        throw new CommandError(
            Exit.usage,
            "--offline asks the stack's files, --state a recorded state",
            "leave one out",
        );
    }
    return { planned: offline, state };
}
