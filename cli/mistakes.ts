import { CommandError, Exit } from "./exit.ts";

/** Gathers what is wrong with a command's arguments, so that a user sees all of it at once and nothing has been started. */
export class Mistakes {
    readonly #found: string[] = [];

    /** Records what is wrong with the argument `path`, and what to write instead; a reason of `undefined` records nothing. */
    add(path: string, reason: string | undefined): void {
        if (reason !== undefined) {
            this.#found.push(`${path}: ${reason}`);
        }
    }

    /** @throws CommandError (exit 2) with every mistake, if there is any. */
    throwIfAny(): void {
        const [only] = this.#found;
        if (only !== undefined) {
            const text =
                this.#found.length === 1
                    ? only
                    : [`${this.#found.length} mistakes:`, ...this.#found.map((line) => `  ${line}`)].join("\n");
            throw new CommandError(Exit.usage, text);
        }
    }
}
