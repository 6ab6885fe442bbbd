import type { Chance } from "./chance.ts";

/** A kind of application, with how many of a hundred are of it. */
interface Kind {
    readonly weight: number;
    readonly what: string;
    service(host: string): string;
    /** Whether machines come in as well. */
    readonly robots: number;
}

/** What a Swarm of a company with its own applications has: most of it is HTTP, a quarter databases and the like, a few machines with SSH or RDP. */
const KINDS: readonly Kind[] = [
    { weight: 45, what: "web", service: (host) => `http://${host}:8080`, robots: 0.1 },
    { weight: 25, what: "api", service: (host) => `http://${host}:3000`, robots: 0.6 },
    { weight: 12, what: "postgres", service: (host) => `tcp://${host}:5432`, robots: 0.3 },
    { weight: 6, what: "mysql", service: (host) => `tcp://${host}:3306`, robots: 0.3 },
    { weight: 5, what: "redis", service: (host) => `tcp://${host}:6379`, robots: 0.3 },
    { weight: 5, what: "shell", service: (host) => `ssh://${host}:22`, robots: 0 },
    { weight: 2, what: "desktop", service: (host) => `rdp://${host}:3389`, robots: 0 },
];

/** Web applications with a part of their own for fewer people, below `/admin` of the same host name. */
const WITH_ADMIN = 0.06;

export interface FleetApp {
    name: string;
    hostname: string;
    path?: string;
    service: string;
    audience: string[];
}

interface AppsOptions {
    count: number;
    stack: string;
    zone: string;
    teams: readonly string[];
    chance: Chance;
}

/** So many applications, in the order in which a stack file names them. */
export function fleetApps({ count, stack, zone, teams, chance }: AppsOptions): FleetApp[] {
    const apps: FleetApp[] = [];
    while (apps.length < count) {
        const kind = chance.weighted(KINDS);
        const team = teams[chance.between(0, teams.length - 1)] ?? "staff";
        const name = `${team}-${kind.what}-${apps.length + 1}`;
        const hostname = `${name}-${stack}.${zone}`;
        const service = kind.service(name);
        apps.push({ name, hostname, service, audience: audienceOf(kind, team, chance) });
        if (kind.what === "web" && apps.length < count && chance.isLikely(WITH_ADMIN)) {
            apps.push({ name: `${name}-admin`, hostname, path: "/admin", service, audience: ["oncall"] });
        }
    }
    return apps;
}

function audienceOf({ what, robots }: Kind, team: string, chance: Chance): string[] {
    const wide = what === "web" ? (chance.isLikely(0.5) ? ["staff"] : []) : [];
    const outside = chance.isLikely(0.05) ? ["contractors"] : [];
    const machines = chance.isLikely(robots) ? ["robots"] : [];
    return [team, "oncall", ...wide, ...outside, ...machines];
}
