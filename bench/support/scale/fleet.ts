import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { AccountOption } from "../../../emulator/index.ts";
import { fleetApps } from "./apps.ts";
import { Chance } from "./chance.ts";

/** How large a fleet is. The same options give the same fleet, byte for byte. */
export interface FleetOptions {
    apps: number;
    stacks: number;
    /** Accounts that the stacks are spread over, each with one zone. */
    accounts: number;
    seed: number;
}

/** One stack of a fleet, as a team would have written it. */
export interface FleetStack {
    name: string;
    accountId: string;
    zone: string;
    apps: number;
    /** Text of `Pulumi.<name>.yaml`. */
    file: string;
}

export interface Fleet {
    /** As the emulator takes them. */
    accounts: AccountOption[];
    stacks: FleetStack[];
}

const TEAMS = ["payments", "search", "data", "mobile", "infra", "support", "risk", "growth"] as const;
const SERVICE_TOKENS = ["ci", "monitoring", "backup"] as const;

/**
 * A made-up organisation of any size: its apps are spread evenly over stacks, and the stacks over accounts. Each stack has a tunnel, people by team,
 * by office and on call, service tokens, and two private networks beside its apps.
 */
export function fleet({ apps, stacks, accounts, seed }: FleetOptions): Fleet {
    const known = Array.from({ length: accounts }, (_, index) => accountOf(seed, index + 1));
    return {
        accounts: known,
        stacks: Array.from({ length: stacks }, (_, index) => {
            const account = known[index % accounts] ?? accountOf(seed, 1);
            const share = Math.floor(apps / stacks) + (index < apps % stacks ? 1 : 0);
            return stackOf({ account, index, apps: share, chance: new Chance(seed * 1009 + index) });
        }),
    };
}

interface Zone {
    name: string;
    id: string;
}

interface FleetAccount extends AccountOption {
    zones: [Zone];
}

function accountOf(seed: number, number: number): FleetAccount {
    const zone = { name: `fleet-${number}.example`, id: hexId(`${seed} zone ${number}`) };
    return { id: hexId(`${seed} account ${number}`), team: `fleet-${number}`, zones: [zone] };
}

function hexId(text: string): string {
    return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

interface StackParts {
    account: FleetAccount;
    index: number;
    apps: number;
    chance: Chance;
}

function stackOf({ account, index, apps, chance }: StackParts): FleetStack {
    const name = `fleet-${String(index + 1).padStart(2, "0")}`;
    const [zone] = account.zones;
    const config = {
        "sallyport:accountId": account.id,
        "sallyport:zone": zone.name,
        "sallyport:zoneId": zone.id,
        "sallyport:team": account.team,
        "sallyport:audiences": audiences(chance),
        "sallyport:serviceTokens": { ci: { duration: "2160h" } },
        "sallyport:privateNetworks": privateNetworks(index),
        "sallyport:apps": fleetApps({ count: apps, stack: name, zone: zone.name, teams: TEAMS, chance }),
    };
    return { name, accountId: account.id, zone: zone.name, apps, file: stringify({ config }, { lineWidth: 0 }) };
}

function audiences(chance: Chance) {
    const people = (team: string) =>
        Array.from({ length: chance.between(3, 25) }, (_, index) => `${team}-${index + 1}@example.com`);
    return {
        staff: { emailDomains: ["example.com"] },
        office: { emailDomains: ["example.com"], ipRanges: ["192.0.2.0/24", "2001:db8::/32"] },
        oncall: { emails: people("oncall"), sessionDuration: "8h" },
        contractors: { emails: people("contractor"), countries: ["DE", "FR", "CH"], sessionDuration: "4h" },
        ...Object.fromEntries(TEAMS.map((team) => [team, { emails: people(team) }])),
        robots: { serviceTokens: [...SERVICE_TOKENS] },
    };
}

/** Addresses are the stack's own, so that no two stacks of an account claim the same. */
function privateNetworks(index: number) {
    return [
        { name: "office", networks: [`10.${index}.1.0/24`], grants: [{ audience: "staff" }] },
        {
            name: "databases",
            networks: [`10.${index}.2.0/24`, `10.${index}.3.0/24`],
            grants: [{ audience: "oncall" }, { audience: "data", ports: [5432] }],
        },
    ];
}
