/** The answer to one question about a running environment, a part of `sallyport audit --json`. */
export interface Check {
    /** What is promised, in kebab-case: `anonymous-request-is-refused`. */
    readonly id: string;
    /** What it is promised of: a hostname, a tunnel, a service. */
    readonly subject: string;
    readonly ok: boolean;
    /** What was seen. */
    readonly detail: string;
}

/** Asks a question; one that cannot be asked has no good answer. */
export async function check(
    id: string,
    subject: string,
    ask: () => Promise<{ ok: boolean; detail: string }>,
): Promise<Check> {
    try {
        return { id, subject, ...(await ask()) };
    } catch (error) {
        return { id, subject, ok: false, detail: error instanceof Error ? error.message : String(error) };
    }
}
