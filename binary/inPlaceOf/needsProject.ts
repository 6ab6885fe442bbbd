import { CommandError, Exit } from "../../cli/exit.ts";

/** What the single file says of what it has not got: Pulumi, and the program that it runs, live in the project. */
export function needsProject(what: string, instead: string): CommandError {
    return new CommandError(Exit.usage, `${what} need the project, which this program is not a part of`, instead);
}
