import type { Progress } from "../progress.ts";

/** What a way of getting a program is given. */
export interface WayContext {
    /** Empty folder that the executable goes into, under the program's name. Everything else goes into folders below it that are removed. */
    readonly folder: string;
    readonly progress: Progress;
    /** Given when the work is to end. */
    readonly signal: AbortSignal;
}
