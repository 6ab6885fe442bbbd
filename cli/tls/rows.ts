import type { TlsReport } from "./check.ts";
import { isStrong } from "./judge.ts";

const MARKS = { ok: "ok", weak: "!!", advice: "--" } as const;

/** Rows of the table: what was judged, then every suite that the server takes, by version. */
export function tlsRows({ checks, versions }: TlsReport): string[][] {
    return [
        ...checks.map(({ verdict, id, detail }) => [MARKS[verdict], id, detail]),
        ...versions.flatMap(({ version, suites }) =>
            suites.map((suite, index) => [isStrong(suite) ? "" : MARKS.weak, index === 0 ? version : "", suite]),
        ),
    ];
}
