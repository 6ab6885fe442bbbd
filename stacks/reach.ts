import { membersOf } from "./audienceWords.ts";
import type { Environment } from "./config/environment.ts";
import { reachedThrough } from "./config/privateNetworks.ts";

/** One grant: somebody may reach something. */
export interface Reach {
    /** A person, a group of people, a network or a service token, for example `people of @example.com`. */
    who: string;
    /** Public hostname with path, and the service behind it. */
    what: string;
    /** Audience whose policy grants it, and tunnel that carries it. */
    through: string;
    /** How long one login lasts. */
    session: string;
}

/** Access's own default, which the components state explicitly. */
const DEFAULT_SESSION = "24h";

/** A device with Cloudflare's client reaches a private network without another login. */
const DEVICE_SESSION = "while the device is enrolled";

/** Who reaches what in an environment, sorted, so that two of them can be compared. */
export function reachOf({ tunnel, apps, audiences, privateNetworks }: Environment): Reach[] {
    const byName = new Map(audiences.map((audience) => [audience.name, audience]));
    const throughAccess = apps.flatMap((app) =>
        app.audience.flatMap((name) => {
            const audience = byName.get(name);
            return (audience === undefined ? [] : membersOf(audience)).map((who) => ({
                who,
                what: `${app.hostname}${app.path ?? ""} (${app.service})`,
                through: `audience ${name}, tunnel ${tunnel.name}`,
                session: audience?.sessionDuration ?? app.sessionDuration ?? DEFAULT_SESSION,
            }));
        }),
    );
    const throughDevices = privateNetworks.flatMap((network) =>
        network.grants.flatMap((grant) => {
            const audience = byName.get(grant.audience);
            // A service token passes Access; no device enters a private network with one.
            return (audience === undefined ? [] : membersOf({ ...audience, serviceTokens: [] })).map((who) => ({
                who,
                what: reachedThrough(network, grant),
                through: `audience ${grant.audience}, tunnel ${tunnel.name}`,
                session: DEVICE_SESSION,
            }));
        }),
    );
    return [...throughAccess, ...throughDevices].sort((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

/** The difference between two environments' reach: what a reviewer must know. */
export interface ReachDifference {
    gained: Reach[];
    lost: Reach[];
    /** The same grant under other conditions. */
    changed: { who: string; what: string; through: string; from: string; to: string }[];
}

export function compareReach(before: readonly Reach[], after: readonly Reach[]): ReachDifference {
    const old = new Map(before.map((reach) => [keyOf(reach), reach]));
    const now = new Map(after.map((reach) => [keyOf(reach), reach]));
    return {
        gained: after.filter((reach) => !old.has(keyOf(reach))),
        lost: before.filter((reach) => !now.has(keyOf(reach))),
        changed: after.flatMap((reach) => {
            const previous = old.get(keyOf(reach));
            return previous === undefined || previous.session === reach.session
                ? []
                : [
                      {
                          who: reach.who,
                          what: reach.what,
                          through: reach.through,
                          from: `session ${previous.session}`,
                          to: `session ${reach.session}`,
                      },
                  ];
        }),
    };
}

/** The audience's name is not part of it: renaming one changes nobody's reach. */
function keyOf({ who, what }: Reach): string {
    return `${what}\n${who}`;
}
