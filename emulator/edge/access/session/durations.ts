import type { ApplicationSettings, DirectoryPolicy, Organization } from "../../../accessDirectory.ts";
import { durationMilliseconds } from "../../../goDuration.ts";

/** What holds where nobody says anything (DOCS session-management). */
const defaultDuration = "24h";

/** How long an application's token is good, in milliseconds: the policy's word, then the application's, then the organization's. */
export function sessionMilliseconds(
    policy: Pick<DirectoryPolicy, "session_duration"> | undefined,
    application: Pick<ApplicationSettings, "session_duration">,
    organization: Pick<Organization, "session_duration"> | undefined,
): number {
    const duration =
        policy?.session_duration || application.session_duration || organization?.session_duration || defaultDuration;
    return Math.max(0, durationMilliseconds(duration));
}
