import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How long a program may take to end when it is asked to: five seconds in milliseconds. Then it is killed. */
const END_WITHIN_MS = 5_000;

/**
 * Runs a program until standard input ends, which it does when the process that holds its other end is gone, however it went. A shell gives
 * background commands an empty standard input, so the one that waits reads descriptor 3 (POSIX, Shell Command Language, 2.9.3). It needs nothing
 * but the shell itself, whatever PATH says.
 */
const GUARD = [
    "exec 3<&0",
    '"$@" </dev/null 3<&- & program=$!',
    '{ while read -r _; do :; done <&3; kill "$program" 2>/dev/null; } & guard=$!',
    "exec 3<&-",
    'wait "$program"; code=$?',
    'kill "$guard" 2>/dev/null',
    'exit "$code"',
].join("\n");

export interface TiedOptions {
    readonly env: Readonly<Record<string, string | undefined>>;
    /** Hears each line that it prints. */
    readonly onLine: (line: string) => void;
}

/** A program that was started and, while it runs, the way to end it. */
export interface TiedProcess extends AsyncDisposable {
    /** Resolves when it has ended, for whatever reason; the text says how. */
    readonly ended: Promise<string>;
}

/**
 * Starts a program that never outlives this process: it ends when it is disposed of, and also when this process is killed,
 * which a finally-block cannot promise. A signal from the terminal does not reach it, so that this process ends things in order.
 */
export function startTied(command: string, args: readonly string[], { env, onLine }: TiedOptions): TiedProcess {
    const child = spawn("/bin/sh", ["-c", GUARD, "sh", command, ...args], {
        env: { ...env },
        stdio: ["pipe", "pipe", "pipe"],
        detached: true,
    });
    for (const output of [child.stdout, child.stderr]) {
        createInterface({ input: output }).on("line", onLine);
    }
    child.stdin.on("error", () => {}); // it may be gone before it is asked to go
    child.once("exit", () => child.stdin.end()); // "close" waits for it
    const ended = Promise.race([
        once(child, "close").then(([code, signal]) => (signal === null ? `exit code ${code}` : `killed by ${signal}`)),
        once(child, "error").then(([error]: Error[]) => `it could not be started: ${error?.message}`),
    ]);
    return {
        ended,
        async [Symbol.asyncDispose]() {
            child.stdin.end();
            const kill = setTimeout(() => killGroup(child.pid), END_WITHIN_MS);
            await ended;
            clearTimeout(kill);
        },
    };
}

function killGroup(pid: number | undefined): void {
    try {
        if (pid !== undefined) {
            process.kill(-pid, "SIGKILL");
        }
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
            throw error;
        }
    }
}
