import { durationSeconds } from "../../../stacks/labels.ts";

/** How long a login lasts where nothing says it, with the tools that are read here as with ours. */
export const DEFAULT_SESSION = "24h";

/** What can be read as a duration; mistakes are told where labels are checked. */
const DURATION = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

export function longerThan(session: string, other: string): boolean {
    return durationSeconds(session) > durationSeconds(other);
}

/** The longest of some sessions, a day where there is none that can be read. */
export function longestOf(sessions: readonly string[]): string {
    const [first = DEFAULT_SESSION, ...others] = sessions.filter((session) => DURATION.test(session));
    return others.reduce((longest, session) => (longerThan(session, longest) ? session : longest), first);
}
