import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sallyportHome } from "../../../toolchain/index.ts";
import { readIfThere, remove, writePrivate } from "../../local/files.ts";
import { isAlive, type ProcessRef } from "../kubeconfig/lock.ts";

const VERSION = 1;

const record = z.object({
    version: z.literal(VERSION),
    pid: z.int(),
    identity: z.string(),
    /** Whether it goes on without a terminal. */
    background: z.boolean(),
});

/** A running session, as other commands find it. */
export type SessionRecord = z.output<typeof record>;

/** Everything of `sallyport kube` that outlives a command. */
export const kubeFolder = (): string => join(sallyportHome(), "kube");
const folder = (): string => join(kubeFolder(), "sessions");

/** The socket at which a session is asked: in a folder that only its owner enters. */
export const socketOf = ({ pid }: Pick<ProcessRef, "pid">): string => join(folder(), `${pid}.sock`);
const fileOf = ({ pid }: Pick<ProcessRef, "pid">): string => join(folder(), `${pid}.json`);

/** Makes a session known; struck out when it is disposed of. */
export function announceSession(self: ProcessRef, background: boolean): Disposable {
    writePrivate(fileOf(self), JSON.stringify({ version: VERSION, ...self, background } satisfies SessionRecord));
    return { [Symbol.dispose]: () => remove(fileOf(self)) };
}

/** The sessions that run; what is left of others is cleared away. */
export function runningSessions(): SessionRecord[] {
    return filesIn(folder()).flatMap((name) => {
        const parsed = record.safeParse(jsonOf(readIfThere(join(folder(), name)) ?? ""));
        if (parsed.success && isAlive(parsed.data)) {
            return [parsed.data];
        }
        const pid = Number.parseInt(name, 10);
        remove(fileOf({ pid }));
        remove(socketOf({ pid }));
        return [];
    });
}

function filesIn(path: string): string[] {
    try {
        return readdirSync(path)
            .filter((name) => /^\d+\.json$/.test(name))
            .toSorted();
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            return [];
        }
        throw error;
    }
}

function jsonOf(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
