/** Exit codes of the command line, a part of its contract. */
export const Exit = {
    ok: 0,
    /** The answer is "no": a policy is violated, a check failed, a difference was found. */
    no: 1,
    /** A mistake in usage or configuration. */
    usage: 2,
    /** A tool, a service or the network failed. */
    failed: 3,
} as const;
export type Exit = (typeof Exit)[keyof typeof Exit];

/** Ends a command with a message and, where one is known, what to do about it. */
export class CommandError extends Error {
    override readonly name = "CommandError";
    readonly exit: Exit;
    readonly fix: string | undefined;

    constructor(exit: Exit, message: string, fix?: string, options?: ErrorOptions) {
        super(message, options);
        this.exit = exit;
        this.fix = fix;
    }
}
