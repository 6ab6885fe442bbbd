/**
 * A tool, or something it is fetched from, is missing or failed. The message says what is wrong and with which value,
 * {@link fix} what to do about it. The command line prints both and exits with 3.
 */
export class ToolError extends Error {
    override readonly name: string = "ToolError";
    /** What to do, as a sentence or a command. */
    readonly fix: string;

    constructor(message: string, fix: string, options?: ErrorOptions) {
        super(message, options);
        this.fix = fix;
    }
}

/** A setting of the user's (an environment variable) has a value that cannot be used. The command line exits with 2. */
export class SettingError extends ToolError {
    override readonly name = "SettingError";
}
