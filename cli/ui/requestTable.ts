import type { LocalRequest } from "../local/requests.ts";
import { printTable } from "./table.ts";

/** The last requests as a table, each with what decided it; nothing where there was none. */
export function printRequests(hostnames: readonly { hostname: string; requests: readonly LocalRequest[] }[]): void {
    // Several apps may share a hostname, each on a path of its own.
    const byHostname = new Map(hostnames.map(({ hostname, requests }) => [hostname, requests]));
    const rows = [...byHostname].flatMap(([hostname, requests]) =>
        requests.map(({ time, method, path, status, problem, verdict, who, rule }) => [
            new Date(time).toTimeString().slice(0, 8),
            hostname,
            `${method} ${path}`,
            problem === undefined ? String(status) : `${status} ${problem}`,
            who === undefined ? verdict : `${verdict} ${who}`,
            rule,
        ]),
    );
    if (rows.length > 0) {
        printTable(["TIME", "HOSTNAME", "LAST REQUESTS", "STATUS", "VERDICT", "RULE"], rows);
        process.stdout.write("\n");
    }
}
