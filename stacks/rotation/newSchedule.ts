import { generationsAt } from "../../components/proxy/mkcert/generations.ts";
import {
    durationSeconds,
    momentText,
    overlapSeconds,
    type RotationSchedule,
} from "../../components/validation/index.ts";
import { type Rotatable, RotatableKind } from "./rotatable.ts";
import { standingAt } from "./standing.ts";

export type { RotationSchedule };

const SECRET = { every: "2160h", overlap: "168h" };
const AUTHORITY = { every: "43800h", overlap: "720h" };

/** By kind, what is written for something that has no schedule: 90 days for secrets, a year for the proxy's key, five for roots. */
export const USUAL: Readonly<Record<RotatableKind, { every: string; overlap: string }>> = {
    [RotatableKind.Tunnel]: SECRET,
    [RotatableKind.ClusterTunnel]: SECRET,
    [RotatableKind.ServiceToken]: SECRET,
    [RotatableKind.LinkToken]: SECRET,
    [RotatableKind.ProxyCertificate]: { every: "8760h", overlap: "168h" },
    [RotatableKind.Authority]: AUTHORITY,
    [RotatableKind.FederationAuthority]: AUTHORITY,
};

/** The schedule that rotates something now, and goes on from there; or what keeps it from being written. */
export type NewSchedule = { readonly schedule: RotationSchedule } | { readonly problem: string };

/**
 * Restarts the schedule of something, with the next version: what the present schedule says of periods and overlaps stays. A root is trusted first and signs an
 * overlap later, so the period of the present one ends then.
 */
export function newSchedule({ kind, declared }: Rotatable, now: Date): NewSchedule {
    const { version } = standingAt(declared, now);
    if (!("roots" in declared)) {
        const { every, overlap } = declared.rotation ?? USUAL[kind];
        return {
            schedule: { since: momentText(now.getTime()), every, ...optional(overlap), firstVersion: version + 1 },
        };
    }
    const { roots } = declared;
    if (roots.generation !== undefined || (roots.alsoTrust ?? []).length > 0) {
        const { signing } = generationsAt(roots, now);
        return {
            problem: `has its roots written by hand. Roll over by hand, or write a "rollOver" with "firstVersion: ${signing}" instead of "generation" and "alsoTrust".`,
        };
    }
    const { every, overlap } = roots.rollOver ?? USUAL[kind];
    const [period, lap] = [durationSeconds(every), overlapSeconds({ since: "", every, ...optional(overlap) })];
    if (period <= 2 * lap) {
        return {
            problem: `has an overlap of ${lap / 3600} hours in a period of ${period / 3600}. Write a period of more than two overlaps.`,
        };
    }
    const since = momentText(now.getTime() + (lap - period) * 1000);
    return { schedule: { since, every, ...optional(overlap), firstVersion: version } };
}

function optional(overlap: string | undefined): { overlap?: string } {
    return overlap === undefined ? {} : { overlap };
}
