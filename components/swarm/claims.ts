import type { Problem } from "../internal/problems.ts";

/** What a service claims, and since when it is there. */
export interface Claimant {
    serviceId: string;
    serviceName: string;
    /** Name of its exposure. */
    name: string;
    /** When the service was made, in RFC 3339. */
    createdAt: string;
    /** Its host names, each with the label that says it. */
    claims: { hostname: string; label: string }[];
}

/**
 * Settles who has a host name that several services claim. It belongs to one service with all its paths: pages of one host name share cookies and
 * scripts, so a path on it is a way into all of it. A service that holds the name already keeps it; of newcomers the oldest has it.
 *
 * @param held host names that are published already, with the id of the service behind each.
 * @returns what is wrong with each service that does not get all that it claims, by its id: it gets nothing.
 */
export function settleClaims(
    claimants: readonly Claimant[],
    held: ReadonlyMap<string, string>,
): ReadonlyMap<string, Problem[]> {
    const byId = new Map(claimants.map((claimant) => [claimant.serviceId, claimant]));
    const holders = new Map<string, Claimant>();
    for (const [hostname, id] of held) {
        const holder = byId.get(id);
        if (holder?.claims.some((claim) => claim.hostname === hostname)) holders.set(hostname, holder);
    }
    const names = new Map<string, Claimant>();
    const refused = new Map<string, Problem[]>();
    const holdsSomething = new Set([...holders.values()].map(({ serviceId }) => serviceId));
    for (const claimant of claimants.toSorted((a, b) => rank(a) - rank(b) || bySeniority(a, b))) {
        const problems = problemsOf(claimant);
        if (problems.length > 0) {
            refused.set(claimant.serviceId, problems);
            continue;
        }
        names.set(claimant.name, claimant);
        for (const { hostname } of claimant.claims) holders.set(hostname, claimant);
    }
    return refused;

    function rank({ serviceId }: Claimant): number {
        return holdsSomething.has(serviceId) ? 0 : 1;
    }

    function problemsOf({ serviceId, name, claims }: Claimant): Problem[] {
        const taken = claims.flatMap(({ hostname, label }) => {
            const holder = holders.get(hostname);
            return holder === undefined || holder.serviceId === serviceId ? [] : [takenBy(holder, hostname, label)];
        });
        const namesake = names.get(name);
        return namesake === undefined
            ? taken
            : [...taken, { path: "name", reason: `reads like that of ${namesake.serviceName}. Write another name.` }];
    }
}

function takenBy({ serviceName }: Claimant, hostname: string, label: string): Problem {
    const holder = JSON.stringify(serviceName);
    return {
        path: label,
        reason: `${JSON.stringify(hostname)} belongs to the service ${holder}. Write another host name, or remove it there first.`,
    };
}

/** Older first. An unreadable time counts as new, so that it wins nothing. */
function bySeniority(a: Claimant, b: Claimant): number {
    const [x, y] = [a, b]
        .map(({ createdAt }) => Date.parse(createdAt))
        .map((time) => (Number.isNaN(time) ? Infinity : time));
    if (x !== y) return (x ?? 0) < (y ?? 0) ? -1 : 1;
    return a.serviceId < b.serviceId ? -1 : Number(a.serviceId > b.serviceId);
}
