/** One mistake in a stack file: where it is, and what to write instead. */
export interface ConfigIssue {
    /** Path of the value, for example `sallyport:apps[0].hostname`. */
    path: string;
    reason: string;
}

/** Every mistake of a stack's configuration at once; nothing has been created. */
export class ConfigError extends Error {
    readonly issues: readonly ConfigIssue[];
    /** The file to correct, for example `Pulumi.staging.yaml`. */
    readonly file: string;

    constructor(file: string, issues: readonly ConfigIssue[]) {
        const count = issues.length === 1 ? "1 mistake" : `${issues.length} mistakes`;
        super([`${file} has ${count}:`, ...issues.map(({ path, reason }) => `  ${path}: ${reason}`)].join("\n"));
        this.name = "ConfigError";
        this.file = file;
        this.issues = issues;
    }
}
