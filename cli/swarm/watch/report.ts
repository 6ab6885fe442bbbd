import type { Violation } from "../../engine/events.ts";
import type { Refused } from "./exposures.ts";

/** What the daemon tells of itself; with `--json` each stands on a line of its own. */
export type WatchEvent =
    | { readonly event: "watching"; readonly status: string }
    | { readonly event: "stream-lost"; readonly reason: string; readonly againInMs: number }
    | { readonly event: "listing-failed"; readonly reason: string; readonly againInMs: number }
    | {
          readonly event: "exposed";
          readonly exposure: string;
          readonly hostnames: readonly string[];
          readonly seconds: number;
      }
    | { readonly event: "removed"; readonly exposure: string; readonly seconds: number }
    | { readonly event: "violated"; readonly exposure: string; readonly violations: readonly Violation[] }
    | { readonly event: "failed"; readonly exposure: string; readonly reason: string; readonly againInMs: number }
    | ({ readonly event: "refused" } & Refused)
    | { readonly event: "stopping"; readonly running: number };

/** Tells events: to machines on stdout, each a JSON document on a line of its own; to people on stderr. */
export function reporter(json: boolean): (event: WatchEvent) => void {
    return json
        ? (event) => process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...event })}\n`)
        : (event) => process.stderr.write(`${sentenceOf(event)}\n`);
}

/** An event as a sentence for people. */
export function sentenceOf(event: WatchEvent): string {
    switch (event.event) {
        case "watching":
            return `watching; metrics and health at ${event.status}`;
        case "stream-lost":
            return `the engine's events are lost (${event.reason}); again in ${seconds(event.againInMs)}`;
        case "listing-failed":
            return `services cannot be listed (${event.reason}); again in ${seconds(event.againInMs)}`;
        case "exposed":
            return `${event.exposure}: exposed as ${event.hostnames.join(", ")} (${event.seconds.toFixed(1)} s)`;
        case "removed":
            return `${event.exposure}: removed (${event.seconds.toFixed(1)} s)`;
        case "violated":
            return [
                `${event.exposure}: the policy pack refuses the change, what is there stays as it is`,
                ...event.violations.map(({ rule, resource, message }) => `  ${rule} (${resource}): ${message}`),
            ].join("\n");
        case "failed":
            return `${event.exposure}: failed, again in ${seconds(event.againInMs)}: ${event.reason}`;
        case "refused":
            return [
                `${event.service}: not exposed`,
                ...event.problems.map(({ path, reason }) => `  ${path} ${reason}`),
            ].join("\n");
        case "stopping":
            return event.running === 0 ? "stopping" : `stopping; waiting for ${event.running} updates under way`;
    }
}

function seconds(milliseconds: number): string {
    return `${(milliseconds / 1000).toFixed(1)} s`;
}
