import type { Audit } from "./audit.ts";

/** Rows of the audit's table, everything about one subject together: `["ok", check, subject, what was seen]`. */
export function auditRows({ checks, notChecked }: Audit): string[][] {
    const rows = [
        ...checks.map(({ ok, id, subject, detail }) => ({ mark: ok ? "ok" : "!!", id, subject, seen: detail })),
        ...notChecked.map(({ id, subject, reason }) => ({ mark: "--", id, subject, seen: `not checked: ${reason}` })),
    ];
    const subjects = [...new Set(rows.map(({ subject }) => subject))];
    return subjects.flatMap((subject) =>
        rows
            .filter((row) => row.subject === subject)
            .map(({ mark, id, seen }, index) => [index === 0 ? subject : "", mark, id, seen]),
    );
}

/** What failed and what to do about it, two lines each; empty when nothing did. */
export function failureText({ checks }: Audit): string {
    return checks
        .filter(({ ok }) => !ok)
        .map(({ id, subject, detail, remedy }) => `${id}: ${subject}: ${detail}\n  fix: ${remedy}\n`)
        .join("");
}
