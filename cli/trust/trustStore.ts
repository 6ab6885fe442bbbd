import { execa } from "execa";
import { CommandError, Exit } from "../exit.ts";
import type { Authority } from "./authority.ts";

/** A command that changes what this machine trusts; it is shown to the user before it is run. */
export interface Command {
    readonly program: string;
    readonly args: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** Whether it takes root: without it, sudo asks. */
    readonly needsRoot?: boolean;
}

/** A place where programs look up whom to trust. */
export interface TrustStore {
    /** As users know it: `this machine (/usr/local/share/ca-certificates)`. */
    readonly name: string;
    has(authority: Authority): Promise<boolean>;
    /** What makes its programs trust the authority, whose certificate is in `file`. */
    adding(authority: Authority, file: string): readonly Command[];
    /** What undoes that, and nothing else. */
    removing(authority: Authority, file: string): readonly Command[];
}

/** The command as a shell would have it. */
export function commandLine(command: Command): string {
    const { program, args, env = {} } = command;
    const settings = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
    return [...settings, ...elevation(command), program, ...args]
        .map((word, i) => (i < settings.length ? word : quoted(word)))
        .join(" ");
}

/** Runs a command; what it says goes to stderr. @throws CommandError (exit 3) where it fails. */
export async function runCommand(command: Command): Promise<void> {
    const [program = "", ...args] = [...elevation(command), command.program, ...command.args];
    const { failed, shortMessage } = await execa(program, args, {
        env: { ...command.env },
        // sudo asks for a password here.
        stdin: "inherit",
        stdout: process.stderr,
        stderr: "inherit",
        reject: false,
    });
    if (failed)
        throw new CommandError(
            Exit.failed,
            shortMessage ?? `${program} failed`,
            "see what it says above, then run this command again",
        );
}

/** What a program prints where it agrees; undefined where it does not, or is not there. */
export async function askProgram(program: string, args: readonly string[]): Promise<string | undefined> {
    const { failed, stdout } = await execa(program, args, { reject: false, stdin: "ignore" });
    return failed ? undefined : stdout;
}

function elevation({ needsRoot = false }: Command): string[] {
    return needsRoot && process.getuid?.() !== 0 ? ["sudo"] : [];
}

function quoted(word: string): string {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
