import type { IdentityProvider } from "../../../accessDirectory.ts";
import { isEmailAddress } from "./vouched.ts";

/** What one kind of group looks like at a provider. */
export interface StandInGroups {
    readonly label: string;
    readonly hint: string;
    /** The group as rules compare it, or undefined for what is none. */
    readonly normalise: (text: string) => string | undefined;
    /** What to write instead of what is none. */
    readonly example: string;
}

/** What the page in a provider's place asks for: no more than the provider itself would tell Access. */
export interface StandIn {
    /** Where the real one is, or undefined where that differs. */
    readonly host?: string | undefined;
    readonly groups?: StandInGroups | undefined;
    /** Whether it delivers the claims that `config.claims` names. */
    readonly hasClaims?: boolean | undefined;
    /** Whether it says how somebody logged in (`amr`). */
    readonly hasAuthMethods?: boolean | undefined;
    /** Whether it knows authentication contexts (`acrs`). */
    readonly hasAuthContexts?: boolean | undefined;
}

const googleGroups: StandInGroups = {
    label: "Groups",
    hint: "One in each line: the group's e-mail address.",
    normalise: (text) => (isEmailAddress(text) ? text.toLowerCase() : undefined),
    example: "engineering@example.com",
};

const azureGroups: StandInGroups = {
    label: "Groups",
    hint: "One in each line: the group's object id, a UUID.",
    normalise: (text) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined),
    example: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
};

const githubTeams: StandInGroups = {
    label: "Organizations and teams",
    hint: "One in each line: an organization, or a team as organization/team.",
    normalise: (text) => (/^[\w.-]+(\/[\w.-]+)?$/.test(text) ? text : undefined),
    example: "acme/platform",
};

const namedGroups: StandInGroups = {
    label: "Groups",
    hint: "One in each line: the group's name.",
    normalise: (text) => text,
    example: "engineering",
};

/** The providers whose own addresses nobody can configure. */
const standIns: Readonly<Record<string, StandIn>> = {
    onetimepin: {},
    google: { host: "accounts.google.com", hasAuthMethods: true },
    "google-apps": { host: "accounts.google.com", groups: googleGroups, hasAuthMethods: true },
    github: { host: "github.com", groups: githubTeams },
    azureAD: {
        host: "login.microsoftonline.com",
        groups: azureGroups,
        hasAuthMethods: true,
        hasAuthContexts: true,
    },
    okta: { groups: namedGroups, hasClaims: true, hasAuthMethods: true },
};

/** What all others are taken to deliver. */
const anyOther: StandIn = { groups: namedGroups, hasClaims: true, hasAuthMethods: true };

/** What stands in for a provider. Azure tells of groups only where `support_groups` asks for them. */
export function standInFor({ type, config }: Pick<IdentityProvider, "type" | "config">): StandIn {
    const standIn = standIns[type] ?? anyOther;
    return type === "azureAD" && config.support_groups !== true ? { ...standIn, groups: undefined } : standIn;
}

/** The groups that somebody is in who is in these: who is in a team of GitHub's is in its organization. */
export function withParents(groups: readonly string[], type: string): string[] {
    const parents = type === "github" ? groups.flatMap((group) => group.split("/", 1)) : [];
    return [...new Set([...parents, ...groups])];
}
