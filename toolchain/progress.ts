/**
 * Where the toolchain tells what it is doing. The command line shows it as spinners or as plain lines; tests record it.
 *
 * One `step` is open at a time: `detail` belongs to the step that was opened last and `done` closes it.
 */
export interface Progress {
    /** Begins a step, named by what the user gets from it: `cloudflared 2025.2.0`. */
    step(title: string): void;
    /** Says how the open step is going; each text replaces the one before it. */
    detail(text: string): void;
    /** Ends the open step. A step that failed is not ended, it is left by an exception. */
    done(): void;
}

/** For callers that show nothing. */
export const silentProgress: Progress = {
    step: () => {},
    detail: () => {},
    done: () => {},
};
