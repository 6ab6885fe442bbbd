import { Token } from "../../policy/tokens.ts";
import { at, items, text, UNKNOWN } from "../../policy/values.ts";
import { type Selector, SelectorKind } from "./model.ts";
import type { DeclaredResource, ResourceIndex } from "./resources.ts";

/** One entry of `includes`, `requires` or `excludes`: selectors of which any will do, or a group of the stack to look into. */
export type AccessRule = { readonly anyOf: readonly Selector[] } | { readonly group: DeclaredResource };

/** Lists of rules that policies and groups have. */
export type RuleList = "includes" | "requires" | "excludes";

/** What an entry is read with. */
interface Reader {
    /** Names of what an id may lead to: one, or several of which a preview cannot tell which. */
    names(id: unknown, type: string): string[];
    provider(detail: unknown): { provider: string };
}

type Read = (detail: unknown, reader: Reader) => Selector[];

/** A selector with one plain value. */
const plain =
    (kind: SelectorKind, property: string): Read =>
    (detail) => [{ kind, value: shownValue(at(detail, property)) }];

/** Kinds that name another object by its id: the property that has it, and the object's type. */
const REFERENCES = {
    group: { property: "id", type: Token.accessGroup },
    serviceToken: { property: "tokenId", type: Token.accessServiceToken },
    devicePosture: { property: "integrationUid", type: Token.postureRule },
    loginMethod: { property: "id", type: Token.identityProvider },
    linkedAppToken: { property: "appUid", type: Token.accessApplication },
} as const;

const named =
    (kind: SelectorKind, { property, type }: { property: string; type: string }): Read =>
    (detail, { names }) =>
        names(at(detail, property), type).map((value) => ({ kind, value }));

/** A group that an identity provider vouches for. */
const vouched =
    (value: (detail: unknown) => string): Read =>
    (detail, { provider }) => [{ kind: SelectorKind.IdentityGroup, value: value(detail), ...provider(detail) }];

const bare =
    (kind: SelectorKind): Read =>
    () => [{ kind, value: "" }];

/** Cloudflare's selectors by their name in `@pulumi/cloudflare` (`ZeroTrustAccessPolicyInclude`); groups are read apart. */
const READ: Readonly<Record<string, Read>> = {
    everyone: bare(SelectorKind.Everyone),
    email: (detail) => [{ kind: SelectorKind.Email, value: shownValue(at(detail, "email")).toLowerCase() }],
    emailDomain: (detail) => [
        {
            kind: SelectorKind.EmailDomain,
            value: shownValue(at(detail, "domain")).replace(/^@/, "").toLowerCase(),
        },
    ],
    emailList: plain(SelectorKind.EmailList, "id"),
    ip: plain(SelectorKind.IpRange, "ip"),
    ipList: plain(SelectorKind.IpList, "id"),
    geo: plain(SelectorKind.Country, "countryCode"),
    serviceToken: named(SelectorKind.ServiceToken, REFERENCES.serviceToken),
    anyValidServiceToken: bare(SelectorKind.AnyServiceToken),
    certificate: bare(SelectorKind.Certificate),
    commonName: plain(SelectorKind.CertificateName, "commonName"),
    devicePosture: named(SelectorKind.Posture, REFERENCES.devicePosture),
    loginMethod: named(SelectorKind.LoginMethod, REFERENCES.loginMethod),
    authMethod: plain(SelectorKind.AuthMethod, "authMethod"),
    authContext: (detail, { provider }) => [
        { kind: SelectorKind.AuthContext, value: shownValue(at(detail, "acId")), ...provider(detail) },
    ],
    azureAd: vouched((detail) => shownValue(at(detail, "id"))),
    githubOrganization: vouched((detail) => {
        const [organization, team] = [shownValue(at(detail, "name")), text(at(detail, "team"))];
        return team ? `${organization}/${team}` : organization;
    }),
    gsuite: vouched((detail) => shownValue(at(detail, "email"))),
    okta: vouched((detail) => shownValue(at(detail, "name"))),
    saml: vouched((detail) => `${shownValue(at(detail, "attributeName"))}=${shownValue(at(detail, "attributeValue"))}`),
    oidc: vouched((detail) => `${shownValue(at(detail, "claimName"))}=${shownValue(at(detail, "claimValue"))}`),
    externalEvaluation: plain(SelectorKind.ExternalEvaluation, "evaluateUrl"),
    linkedAppToken: named(SelectorKind.ApplicationToken, REFERENCES.linkedAppToken),
    userRiskScore: (detail) => {
        const scores = items(at(detail, "userRiskScores"));
        const known = scores === UNKNOWN ? [UNKNOWN] : scores;
        return known.map((score) => ({ kind: SelectorKind.RiskScore, value: shownValue(score) }));
    },
};

/** Where a list of rules is: a resource's own property if nothing more is said, else in what an application carries itself. */
export interface RuleLists {
    readonly owner: DeclaredResource;
    /** What has the list. */
    readonly holder?: unknown;
    /** The property of the owner whose dependencies tell what unknown ids may be. */
    readonly property?: string;
}

/** The entries of a list of rules. */
export function rulesIn(index: ResourceIndex, lists: RuleLists, list: RuleList): AccessRule[] {
    const { owner, holder = owner.props, property = list } = lists;
    const entries = items(at(holder, list));
    if (entries === UNKNOWN) return fromDependencies(index, owner, property);
    const candidates = candidatesFor(index, owner, property, entries);
    const namesFrom = (some: Candidates) => (id: unknown, type: string) => namesOf(index, id, type, some);
    const providers = namesFrom((type) => index.candidates(owner, property, type));
    const provider = (detail: unknown) => ({
        provider: providers(at(detail, "identityProviderId"), Token.identityProvider).toSorted().join(" or "),
    });
    return entries.flatMap((entry): AccessRule[] => {
        if (entry === UNKNOWN) return [{ anyOf: [unknownSelector(owner)] }];
        const found = Object.entries(entry as object).find(([, detail]) => detail !== undefined && detail !== null);
        if (found === undefined) return [];
        const [kind, detail] = found;
        if (kind === "group") return [groupRule(index, owner, at(detail, "id"), candidates)];
        const read = Object.hasOwn(READ, kind) ? READ[kind] : undefined;
        // A kind that Cloudflare has invented since: it is named, and nothing is known of whom it means.
        if (read === undefined) return [{ anyOf: [{ kind: SelectorKind.Expression, value: kind }] }];
        return [{ anyOf: read(detail, { names: namesFrom(candidates), provider }) }];
    });
}

/** Gives what the next unknown id of some type may lead to: one resource, where there are as many as unknown ids, else any of them. */
type Candidates = (type: string) => readonly DeclaredResource[];

function candidatesFor(
    index: ResourceIndex,
    owner: DeclaredResource,
    property: string,
    entries: readonly unknown[],
): Candidates {
    const given = new Map<string, number>();
    return (type) => {
        const all = index.candidates(owner, property, type);
        const [kind, reference] = Object.entries(REFERENCES).find(([, one]) => one.type === type) ?? [];
        const unknown = entries.filter((entry) => kind && at(entry, kind, reference?.property ?? "") === UNKNOWN);
        if (unknown.length !== all.length) return all;
        const next = given.get(type) ?? 0;
        given.set(type, next + 1);
        return all.slice(next, next + 1);
    };
}

/** A list that a preview knows nothing of but what went into it. */
function fromDependencies(index: ResourceIndex, owner: DeclaredResource, property: string): AccessRule[] {
    const kinds = [
        [SelectorKind.ServiceToken, Token.accessServiceToken],
        [SelectorKind.Posture, Token.postureRule],
        [SelectorKind.LoginMethod, Token.identityProvider],
    ] as const;
    const groups = index.dependenciesOf(owner, property, Token.accessGroup).map((group) => ({ group }));
    const selectors = kinds.flatMap(([kind, type]) =>
        index.dependenciesOf(owner, property, type).map((one) => ({ anyOf: [{ kind, value: titleOf(one) }] })),
    );
    const found = [...groups, ...selectors];
    // Addresses and names leave no trace: a policy may let in more than what went into it shows.
    const mayHoldMore = found.length === 0 || owner.type !== Token.accessGroup;
    return mayHoldMore ? [...found, { anyOf: [unknownSelector(owner)] }] : found;
}

function groupRule(index: ResourceIndex, owner: DeclaredResource, id: unknown, candidates: Candidates): AccessRule {
    if (id === UNKNOWN) {
        const [group, ...others] = candidates(Token.accessGroup);
        return group === undefined || others.length > 0 ? { anyOf: [unknownSelector(owner)] } : { group };
    }
    const group = index.withId(Token.accessGroup, String(id));
    return group === undefined ? { anyOf: [{ kind: SelectorKind.AccessGroup, value: String(id) }] } : { group };
}

function namesOf(index: ResourceIndex, id: unknown, type: string, candidates: Candidates): string[] {
    if (id === UNKNOWN) {
        const found = candidates(type);
        return found.length === 0 ? [NOT_KNOWN_YET] : found.map(titleOf);
    }
    const found = index.withId(type, String(id));
    return [found === undefined ? String(id) : titleOf(found)];
}

const NOT_KNOWN_YET = "(known only after the deployment)";

/** The name that Cloudflare's dashboard shows, or the program's own where that is not known. */
export function titleOf({ props, name }: DeclaredResource): string {
    return text(at(props, "name")) ?? name;
}

export function unknownSelector(owner: DeclaredResource): Selector {
    return { kind: SelectorKind.Unknown, value: titleOf(owner) };
}

export function shownValue(value: unknown): string {
    return value === UNKNOWN ? NOT_KNOWN_YET : String(value ?? "");
}
