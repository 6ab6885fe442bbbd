import type { ExecaError } from "execa";

/** How {@link run} starts a command. */
export interface RunOptions {
    readonly cwd?: string;
    /** Added to this process's own environment. */
    readonly env?: Readonly<Record<string, string | undefined>>;
    /** Ends the command early. */
    readonly signal?: AbortSignal;
    /** Ends the command when it has run for so long, in milliseconds; no bound when omitted. */
    readonly within?: number;
    /** Ends the command when it has printed nothing for so long, in milliseconds; no bound when omitted. */
    readonly silentFor?: number;
    /** Hears each line as it is printed, from standard output and standard error. */
    readonly onLine?: (line: string) => void;
}

/** A command could not be started, failed, or was ended. */
export class CommandFailed extends Error {
    override readonly name = "CommandFailed";
    /** No such program on PATH. */
    readonly missing: boolean;
    /** All that it printed. */
    readonly output: string;

    constructor(message: string, missing: boolean, output: string, options: ErrorOptions) {
        super(message, options);
        this.missing = missing;
        this.output = output;
    }
}

/** Most of a failed command's last lines that a message quotes. */
const QUOTED_LINES = 4;

/**
 * Runs a command without a shell and without input, and gives back what it printed.
 *
 * @throws CommandFailed
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const quiet = new AbortController();
    const { onLine, silentFor } = options;
    let timer: NodeJS.Timeout | undefined;
    const heard = () => {
        clearTimeout(timer);
        if (silentFor !== undefined) timer = setTimeout(() => quiet.abort(), silentFor);
    };
    heard();
    // Loaded when a command is really started: every start of the command line would pay for it otherwise.
    const { execa, ExecaError } = await import("execa");
    try {
        const child = execa(command, args, {
            cwd: options.cwd,
            env: { ...options.env },
            stdin: "ignore",
            all: true,
            timeout: options.within,
            cancelSignal: options.signal ? AbortSignal.any([options.signal, quiet.signal]) : quiet.signal,
        });
        child.all.on("data", heard);
        if (onLine) void eachLine(child.iterable({ from: "all" }), onLine);
        return (await child).all;
    } catch (error) {
        if (!(error instanceof ExecaError)) throw error;
        throw failure(command, error, quiet.signal.aborted);
    } finally {
        clearTimeout(timer);
    }
}

async function eachLine(lines: AsyncIterable<unknown>, onLine: (line: string) => void): Promise<void> {
    try {
        for await (const line of lines) onLine(String(line));
    } catch {
        // The command's failure ends the lines too; the one who waits for the command reports it.
    }
}

function failure(command: string, error: ExecaError, stalled: boolean): CommandFailed {
    const output = String(error.all ?? "");
    const quoted = output.trim().split("\n").slice(-QUOTED_LINES).join("; ");
    const missing = error.code === "ENOENT";
    const reason = missing
        ? "is not installed"
        : stalled
          ? "prints nothing any more"
          : error.timedOut
            ? "takes too long"
            : quoted || (error.originalMessage ?? error.shortMessage);
    return new CommandFailed(`${command}: ${reason}`, missing, output, { cause: error });
}
