import type { PublicRequestEvent } from "../../emulator/index.ts";
import { askApi } from "../cloudflareApi.ts";
import { apiToken, type EmulatorDescription } from "./emulatorProcess.ts";

/** A request that the edge took, as `sallyport local status --json` tells it. */
export interface LocalRequest {
    /** ISO 8601. */
    time: string;
    method: string;
    /** Without the query. */
    path: string;
    status: number;
    /** What kept the edge from an answer of the service's, where something did. */
    problem?: string;
    /** `allowed`, `unguarded`, `login`, `refused`, `page` or `error`. */
    verdict: PublicRequestEvent["verdict"];
    /** Whose it was, where that is known. */
    who?: string;
    /** What let it in or refused it. */
    rule: string;
}

const SHOWN_PER_HOSTNAME = 5;

/** The last requests of each hostname, oldest first. The emulator tells it on an interface of its own, beside the API. */
export async function lastRequests({ apiBaseUrl }: EmulatorDescription): Promise<Map<string, LocalRequest[]>> {
    const byHostname = await askApi<Record<string, (Omit<PublicRequestEvent, "time"> & { time: string })[]>>(
        { baseUrl: new URL(apiBaseUrl).origin, token: apiToken() },
        `/emulator/edge/requests?per_hostname=${SHOWN_PER_HOSTNAME}`,
    );
    return new Map(
        Object.entries(byHostname).map(([hostname, events]) => [
            hostname,
            events.map(({ time, method, path, status, problem, verdict, who, rule }) => ({
                ...{ time, method, path, status },
                ...(problem === undefined ? {} : { problem }),
                verdict,
                ...(who === undefined ? {} : { who }),
                rule,
            })),
        ]),
    );
}
