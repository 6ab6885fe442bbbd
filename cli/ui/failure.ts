import pc from "picocolors";
import { ConfigError } from "../../stacks/config/configError.ts";
import { SettingError, ToolError } from "../../toolchain/errors.ts";
import { CommandError, Exit } from "../exit.ts";

/** Tells a person what went wrong, on stderr, and gives the exit code that says the same to a script. */
export function reportFailure(error: unknown): Exit {
    const { exit, message, fix } = explain(error);
    process.stderr.write(`${pc.red("error:")} ${message}\n`);
    if (fix !== undefined) {
        process.stderr.write(`${pc.cyan("fix:")}   ${fix}\n`);
    }
    return exit;
}

function explain(error: unknown): { exit: Exit; message: string; fix?: string | undefined } {
    if (error instanceof SuppressedError) {
        // What went wrong first, and what went wrong with the clearing up after it, which is what is left to do.
        const [first, second] = [explain(error.suppressed), explain(error.error)];
        return { ...second, message: `${first.message}\n${second.message}` };
    }
    if (error instanceof CommandError) {
        return { exit: error.exit, message: error.message, fix: error.fix };
    }
    if (error instanceof ConfigError) {
        return { exit: Exit.usage, message: error.message };
    }
    if (error instanceof ToolError) {
        return {
            exit: error instanceof SettingError ? Exit.usage : Exit.failed,
            message: error.message,
            fix: error.fix,
        };
    }
    // Anything else is a mistake of ours: its stack is what a bug report needs.
    return { exit: Exit.failed, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
