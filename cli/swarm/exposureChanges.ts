import { existsSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { explained, type LockHolder, lockHolderIn } from "../engine/failure.ts";
import { readIfThere, remove, writePrivate } from "../local/files.ts";
import { identityOf } from "../processes/identity.ts";
import { engineOf } from "./engineOf.ts";
import { clearLeftovers } from "./leftovers.ts";
import type { Owner } from "./owner.ts";

/**
 * Changes of small stacks, each marked by a file from its begin to its good end, so that what a change left that was cut off, by a power cut or a
 * kill, is cleared up before the next one.
 */
export class ExposureChanges {
    readonly #owner: Owner;
    readonly #marks: string;

    /** @param marks folder for the files; it need not be there. */
    constructor(owner: Owner, marks: string) {
        this.#owner = owner;
        this.#marks = marks;
    }

    /** Whether a change was begun that did not come to a good end. */
    isUnfinished(exposure: string): boolean {
        return readIfThere(this.#markOf(exposure)) !== undefined;
    }

    /** On a machine that knows nothing of earlier changes, any of them may have been cut off. */
    suspectAll(exposures: readonly string[]): void {
        if (existsSync(this.#marks)) return;
        mkdirSync(this.#marks, { recursive: true, mode: 0o700 });
        for (const exposure of exposures) writePrivate(this.#markOf(exposure), "");
    }

    /**
     * Changes a stack. The lock that an engine of this machine left which is gone is removed; one that still works is left alone.
     *
     * @throws CommandError when the stack is locked by somebody who is not known to be gone, or the change fails.
     */
    async run<T>(exposure: string, stack: Stack, change: (stack: Stack) => Promise<T>): Promise<T> {
        const mark = this.#markOf(exposure);
        const attempt = async (mayHaveLeftovers: boolean) => {
            if (mayHaveLeftovers) await this.#clearLeftovers(exposure, stack);
            return change(stack);
        };
        const wasUnfinished = this.isUnfinished(exposure);
        writePrivate(mark, "");
        const result = await attempt(wasUnfinished).catch(async (error: unknown) => {
            if (!isGone(lockHolderIn(error))) throw error;
            await explained(stack.cancel());
            return attempt(true);
        });
        remove(mark);
        return result;
    }

    async #clearLeftovers(exposure: string, stack: Stack): Promise<void> {
        const { environment, api, zoneId } = this.#owner;
        const { accountId, stack: owner } = environment;
        await clearLeftovers(stack, exposure, { api, docker: await engineOf(this.#owner), accountId, zoneId, owner });
    }

    #markOf(exposure: string): string {
        return join(this.#marks, exposure);
    }
}

/** Whether the process that holds the lock of a state is gone. Of another machine's nobody here can tell. */
function isGone(holder: LockHolder | undefined): boolean {
    return holder !== undefined && holder.host === hostname() && identityOf(holder.pid) === undefined;
}
