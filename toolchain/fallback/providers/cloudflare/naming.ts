/**
 * Property names: Pulumi's on one side, those in the API's JSON on the other.
 *
 * Mostly camelCase against snake_case; lists have plural names in Pulumi and often singular ones in the API. The exceptions
 * are the JSON tags in cloudflare/terraform-provider-cloudflare v5.19.1, `internal/services/<name>/model.go`.
 */
import { isObject, type PropertyMap, type Value } from "../../plugin/provider.ts";

export interface Naming {
    toWire(key: string): string;
    fromWire(key: string, value: Value): string;
}

/** Names of lists: plural in Pulumi, singular in the API. */
const LISTS = new Map([
    ["authentications", "authentication"],
    ["excludes", "exclude"],
    ["extendedKeyUsages", "extended_key_usage"],
    ["includes", "include"],
    ["ipv4s", "ipv4"],
    ["ipv6s", "ipv6"],
    ["matches", "match"],
    ["requires", "require"],
    ["targetCriterias", "target_criteria"],
    ["userRiskScores", "user_risk_score"],
]);

/** Names that follow no rule. */
const IRREGULAR = new Map([
    ["azureAd", "azureAD"],
    ["checkDisks", "checkDisks"],
    ["countOperator", "countOperator"],
    ["githubOrganization", "github-organization"],
    ["requireAll", "requireAll"],
    ["scoreOperator", "scoreOperator"],
    ["serviceAuth401Redirect", "service_auth_401_redirect"],
]);

const LISTS_FROM_WIRE = inverted(LISTS);
const IRREGULAR_FROM_WIRE = inverted(IRREGULAR);

/** The API's usual names. */
export const SNAKE_CASE: Naming = {
    toWire: (key) =>
        LISTS.get(key) ?? IRREGULAR.get(key) ?? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    fromWire: (key, value) =>
        (Array.isArray(value) ? LISTS_FROM_WIRE.get(key) : undefined) ??
        IRREGULAR_FROM_WIRE.get(key) ??
        key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
};

const TUNNEL_CONFIG_NAMES = new Map([
    ["audTags", "audTag"],
    ["ingresses", "ingress"],
    ["matchSnItoHost", "matchSNItoHost"],
    ["noTlsVerify", "noTLSVerify"],
]);

const TUNNEL_CONFIG_FROM_WIRE = inverted(TUNNEL_CONFIG_NAMES);

/** A tunnel's configuration is cloudflared's own document, which is camelCase throughout. */
export const TUNNEL_CONFIG: Naming = {
    toWire: (key) => TUNNEL_CONFIG_NAMES.get(key) ?? key,
    fromWire: (key) => TUNNEL_CONFIG_FROM_WIRE.get(key) ?? key,
};

const NOTIFICATION_LISTS = new Map([
    ["emails", "email"],
    ["newStatuses", "new_status"],
    ["pagerduties", "pagerduty"],
    ["tunnelIds", "tunnel_id"],
    ["tunnelNames", "tunnel_name"],
]);

const NOTIFICATION_FROM_WIRE = inverted(NOTIFICATION_LISTS);

/** A notification policy has lists under singular names that are single values elsewhere. */
export const NOTIFICATION_POLICY: Naming = {
    toWire: (key) => NOTIFICATION_LISTS.get(key) ?? SNAKE_CASE.toWire(key),
    fromWire: (key, value) =>
        (Array.isArray(value) ? NOTIFICATION_FROM_WIRE.get(key) : undefined) ?? SNAKE_CASE.fromWire(key, value),
};

/** Maps whose keys are the user's data. */
const VERBATIM = new Set(["targetAttributes", "target_attributes", "addHeaders", "add_headers"]);

export function toWire(value: Value, naming: Naming): Value {
    return renamed(value, (key) => naming.toWire(key), naming);
}

export function fromWire(value: Value, naming: Naming): Value {
    return renamed(value, (key, member) => naming.fromWire(key, member), naming);
}

function renamed(value: Value, rename: (key: string, member: Value) => string, naming: Naming): Value {
    if (Array.isArray(value)) {
        return value.map((item) => renamed(item, rename, naming));
    }
    if (!isObject(value)) {
        return value;
    }
    const members: PropertyMap = {};
    for (const [key, member] of Object.entries(value)) {
        members[rename(key, member)] = VERBATIM.has(key) ? member : renamed(member, rename, naming);
    }
    return members;
}

function inverted(map: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
    return new Map([...map].map(([key, value]) => [value, key]));
}
