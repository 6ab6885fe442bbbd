import { type Condition, type Grant, type Selector, SelectorKind, type Target, type Way } from "./model.ts";

type Words = (value: string, provider: string) => string;

/** The selector as the one who reaches something. */
const SOMEBODY: Readonly<Record<SelectorKind, Words>> = {
    everyone: () => "everybody",
    email: (address) => address,
    "email domain": (domain) => `people of @${domain}`,
    "e-mail list": (name) => `people of the e-mail list ${name}`,
    "Access group": (name) => `members of the Access group ${name}`,
    "identity group": (name, provider) => `members of ${name}${provider}`,
    "IP range": (range) => `anybody from ${range}`,
    "IP list": (name) => `anybody from the IP list ${name}`,
    country: (code) => `anybody in ${code}`,
    "service token": (name) => `service token ${name}`,
    "any service token": () => "any service token of the account",
    "any client certificate": () => "any client certificate",
    "client certificate": (name) => `client certificate of ${name}`,
    "device posture": (name) => `anybody on a device that passes ${name}`,
    "login method": (name) => `anybody logged in through ${name}`,
    "authentication method": (name) => `anybody authenticated by ${name}`,
    "authentication context": (name, provider) => `anybody with the authentication context ${name}${provider}`,
    "risk score": (score) => `anybody with the risk score ${score}`,
    "external evaluation": (url) => `whoever ${url} lets in`,
    "application token": (name) => `holders of a token of the application ${name}`,
    "enrolled device": () => "every enrolled device",
    approval: (approvers) => `whoever is approved by ${approvers}`,
    justification: () => "whoever says why",
    "browser isolation": () => "whoever comes in an isolated browser",
    "other application": (name) => `whoever the Access application ${name} outside this stack lets in`,
    expression: (text) => `whoever meets ${text}`,
    unknown: (what) => `whoever ${what} names, known only after the deployment`,
};

/** What stands before the value where the selector is what somebody has to meet besides, or must not. */
const PLACE: Readonly<Partial<Record<SelectorKind, string>>> = {
    "email domain": "with an address in",
    "e-mail list": "on the e-mail list",
    "Access group": "in the Access group",
    "identity group": "in",
    "IP range": "from",
    "IP list": "from the IP list",
    country: "in",
    "service token": "with the service token",
    "any service token": "with a service token of the account",
    "any client certificate": "with a client certificate",
    "client certificate": "with the client certificate of",
    "device posture": "on a device that passes",
    "login method": "logged in through",
    "authentication method": "authenticated by",
    "authentication context": "with the authentication context",
    "risk score": "with the risk score",
    "application token": "with a token of the application",
    "enrolled device": "on an enrolled device",
    approval: "approved by",
    justification: "who say why",
    "browser isolation": "in an isolated browser",
    expression: "where",
};

/** Who somebody is: `people of @example.com`. */
export function whoWords({ kind, value, provider }: Selector): string {
    return SOMEBODY[kind](value, atProvider(provider));
}

/** A condition in words, its alternatives in an order that a program does not change: `from 192.0.2.0/24 or 198.51.100.7`. */
export function conditionWords({ demand, anyOf }: Condition): string {
    const byPlace = Map.groupBy(anyOf, ({ kind }) => PLACE[kind]);
    const words = [...byPlace].flatMap(([place, selectors]) => {
        if (place === undefined) return selectors.map(whoWords);
        const values = unique(selectors.map(valueWords)).join(" or ");
        return [values === "" ? place : `${place} ${values}`];
    });
    const either = unique(words).join(" or ");
    return demand === "only" ? either : `except ${either}`;
}

/** A way's conditions, sorted; none for whoever just logs in. */
export function wayWords({ conditions }: Way): string[] {
    return unique(conditions.map(conditionWords)).toSorted(byDemand);
}

/** What is reached, with the service behind it: `grafana.example.com (http://grafana:3000)`. */
export function targetWords({ name, origin }: Target): string {
    return origin === undefined ? name : `${name} (${origin})`;
}

/** By which rules and through which tunnel. */
export function throughWords({ target: { tunnel }, ways }: Grant): string {
    const rules = unique(ways.map(({ rule }) => rule)).join(" or ");
    return `${rules}, ${tunnel === undefined ? "no tunnel of this stack" : `tunnel ${tunnel}`}`;
}

function valueWords({ kind, value, provider }: Selector): string {
    return `${kind === SelectorKind.EmailDomain ? "@" : ""}${value}${atProvider(provider)}`;
}

function atProvider(provider: string | undefined): string {
    return provider === undefined ? "" : ` at ${provider}`;
}

/** What is asked for before the exceptions; the order of the words else. */
function byDemand(one: string, other: string): number {
    return Number(one.startsWith("except ")) - Number(other.startsWith("except "));
}

/** Each text once, sorted. */
export function unique(texts: readonly string[]): string[] {
    return [...new Set(texts)].toSorted();
}
