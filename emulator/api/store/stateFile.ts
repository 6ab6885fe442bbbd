import { readFile } from "node:fs/promises";
import { EmulatorError, EmulatorErrorCode } from "../../emulatorError.ts";
import { LatestWrite } from "../../latestWrite.ts";
import { writePrivateFile } from "../../privateFile.ts";
import { type EmulatorSnapshot, readSnapshot } from "./snapshot.ts";

/**
 * Keeps the emulator's state in a file, readable by its owner only (it holds tunnel secrets); a kill at any moment leaves
 * one whole state or the other. One process may use a file.
 */
export class StateFile {
    readonly #path: string;
    readonly #take: () => EmulatorSnapshot;
    readonly #writing = new LatestWrite(() => this.#write());

    /** @param take gives the state at the moment of a write. */
    constructor(path: string, take: () => EmulatorSnapshot) {
        this.#path = path;
        this.#take = take;
    }

    /**
     * What the file holds; undefined when there is none.
     *
     * @throws EmulatorError `state-damaged` or `state-unavailable`; the file is left as it is.
     */
    static async read(path: string): Promise<EmulatorSnapshot | undefined> {
        let text: string;
        try {
            text = await readFile(path, "utf8");
        } catch (error) {
            if (error instanceof Error && "code" in error && error.code === "ENOENT") {
                return undefined;
            }
            throw unavailable(path, "read", error);
        }
        const origin = `The state file ${path}`;
        let value: unknown;
        try {
            value = JSON.parse(text);
        } catch (cause) {
            throw new EmulatorError(
                EmulatorErrorCode.StateDamaged,
                `${origin} is not whole JSON. It was left as it is; move it away to start empty, or put a good copy in its place.`,
                { cause },
            );
        }
        return readSnapshot(value, origin);
    }

    /** Sees to it that the present state is written. Does not wait; {@link written} does. */
    schedule(): void {
        this.#writing.schedule();
    }

    /** Resolves when everything scheduled so far is in the file. @throws EmulatorError `state-unavailable`. */
    written(): Promise<void> {
        return this.#writing.done();
    }

    async #write(): Promise<void> {
        try {
            await writePrivateFile(this.#path, JSON.stringify(this.#take()));
        } catch (error) {
            throw unavailable(this.#path, "written", error);
        }
    }
}

function unavailable(path: string, what: "read" | "written", cause: unknown): EmulatorError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new EmulatorError(
        EmulatorErrorCode.StateUnavailable,
        `The state file ${path} cannot be ${what}: ${reason}. Name a file in a folder that exists and that you may write to.`,
        { cause },
    );
}
