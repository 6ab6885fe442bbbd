/** Longest reason that is shown: characters. Clouds answer with whole pages. */
const LONGEST = 1000;

/** Why something failed, on one line: the status, where a server gave one, then its words. */
export function reasonOf(error: unknown): string {
    const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
    const status = statusOf(error);
    const words =
        message.replaceAll(/\s+/g, " ").trim() || codeOf(error) || codeOf(cause) || "it failed without a word";
    const text = status === undefined || words.includes(String(status)) ? words : `${status}: ${words}`;
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The SDKs each keep the status of an answer somewhere else: AWS, Azure, Google. */
function statusOf(error: unknown): number | undefined {
    const { $metadata, statusCode, status } = (error ?? {}) as {
        $metadata?: { httpStatusCode?: number };
        statusCode?: unknown;
        status?: unknown;
    };
    return [$metadata?.httpStatusCode, statusCode, status].find((value) => typeof value === "number" && value >= 400) as
        | number
        | undefined;
}

function codeOf(error: unknown): string | undefined {
    const { code } = (error ?? {}) as { code?: unknown };
    return typeof code === "string" ? code : undefined;
}
