import { stripVTControlCharacters } from "node:util";
import { ConcurrentUpdateError, StackNotFoundError } from "@pulumi/pulumi/automation/index.js";
import { CommandError, Exit } from "../exit.ts";

/** Where nobody has logged in and nobody can be asked (`pkg/backend/httpstate` of github.com/pulumi/pulumi). */
const NOBODY = /PULUMI_ACCESS_TOKEN must be set/;

/** Whether the engine failed because there is no such stack, or nobody is logged in to where it might be. */
export function isNowhere(error: unknown): boolean {
    const { cause } = error as { cause?: unknown };
    return cause instanceof StackNotFoundError || NOBODY.test(String(cause ?? error));
}

/**
 * The engine's failure as one of ours: what happened, in the engine's own words, and what to do about it.
 *
 * @param errors what the engine told while it worked; its last words are taken where it told nothing.
 */
export function explainFailure(error: unknown, errors: readonly string[] = []): CommandError {
    const text = error instanceof Error ? error.message : String(error);
    if (error instanceof ConcurrentUpdateError || /the stack is currently locked/.test(text)) {
        const holder = /created by (.+?)(?: at |\n|$)/.exec(text)?.[1] ?? "another process";
        return new CommandError(
            Exit.failed,
            `the state is locked by ${holder}`,
            "wait until that update ends; if its process is gone, `npx pulumi cancel` removes the lock",
            { cause: error },
        );
    }
    if (/incorrect passphrase/.test(text)) {
        return new CommandError(
            Exit.usage,
            "PULUMI_CONFIG_PASSPHRASE does not open the stack's secrets: incorrect passphrase",
            "set the passphrase that the stack was made with",
            { cause: error },
        );
    }
    if (error instanceof StackNotFoundError) {
        const name = /no stack named '(.+?)' found/.exec(text)?.[1] ?? "of that name";
        return new CommandError(
            Exit.usage,
            `the stack ${name} is not at the backend that you are logged in to`,
            "make it with `npx pulumi stack init`, or log in elsewhere; `npx pulumi whoami --verbose` says where you are",
            { cause: error },
        );
    }
    if (NOBODY.test(text)) {
        return new CommandError(
            Exit.usage,
            "nobody is logged in to a Pulumi backend, which keeps the state of a stack that is deployed",
            "run `npx pulumi login`, or set PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL; what takes --offline needs none",
            { cause: error },
        );
    }
    const words = errors.length > 0 ? errors : lastWords(text);
    return new CommandError(Exit.failed, words.join("\n"), undefined, { cause: error });
}

/** Who holds the lock that kept the engine from working. */
export interface LockHolder {
    readonly host: string;
    readonly pid: number;
}

/**
 * Who holds the lock of a state in a file or bucket, as the engine tells it (pulumi, pkg/backend/diy/lock.go:
 * `created by USER@HOST (pid PID) at TIME`); undefined for every other failure and every other backend.
 */
export function lockHolderIn(error: unknown): LockHolder | undefined {
    const texts = [error, (error as Error | undefined)?.cause].map((one) => (one instanceof Error ? one.message : ""));
    const [, host, pid] = /created by \S*?@(\S+) \(pid (\d+)\)/.exec(texts.join("\n")) ?? [];
    return host === undefined ? undefined : { host, pid: Number(pid) };
}

/** What `work` gives, with its failure explained. */
export function explained<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
        throw explainFailure(error);
    });
}

/** The Automation API puts exit code, stdout and stderr into one text; a person needs the lines that say what is wrong. */
function lastWords(text: string): string[] {
    const plain = stripVTControlCharacters(text);
    const errors = [...new Set(plain.match(/(?<=^\s*error: ).+$/gm) ?? [])];
    return errors.length > 0 ? errors : [plain.trim()];
}
