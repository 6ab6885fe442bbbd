import { type CheckId, REMEDIES } from "./catalogue.ts";

/** The answer to one question about a running environment, a part of `sallyport audit --json`. */
export interface Check {
    /** What is promised, in kebab-case: `anonymous-request-is-refused`. */
    readonly id: CheckId;
    /** What it is promised of: a hostname, a tunnel, a service. */
    readonly subject: string;
    readonly ok: boolean;
    /** What was seen. */
    readonly detail: string;
    /** What to do about it; only a check that failed has one. */
    readonly remedy?: string;
}

/** A question that cannot be put from where the audit runs. It is no failure, and never counts as well answered. */
export interface NotChecked {
    readonly id: CheckId;
    readonly subject: string;
    /** What stands in the way: `the Docker engine is on another machine`. */
    readonly reason: string;
}

export type Finding = Check | NotChecked;

/** What was seen, and whether it is as promised; `remedy` where there is better advice than the catalogue's. */
export interface Verdict {
    readonly ok: boolean;
    readonly detail: string;
    readonly remedy?: string;
}

/** Asks a question. One that should have an answer and gets none has failed; one that has a `reason` was not asked. */
export async function check(
    id: CheckId,
    subject: string,
    ask: () => Promise<Verdict | { readonly reason: string }>,
): Promise<Finding> {
    const answer = await ask().catch((error: unknown): Verdict => ({ ok: false, detail: messageOf(error) }));
    if ("reason" in answer) {
        return notChecked(id, subject, answer.reason);
    }
    const { ok, detail, remedy = REMEDIES[id] } = answer;
    return ok ? { id, subject, ok, detail } : { id, subject, ok, detail, remedy };
}

export function notChecked(id: CheckId, subject: string, reason: string): NotChecked {
    return { id, subject, reason };
}

export function wasChecked(finding: Finding): finding is Check {
    return "ok" in finding;
}

export function messageOf(error: unknown): string {
    return error instanceof Error ? error.message : String(error);
}
