import type { IdentityProvider } from "../../../accessDirectory.ts";
import type { Identity } from "../policy/subject.ts";
import { standInFor, withParents } from "../providers/standIns.ts";
import { identityOf, isEmailAddress, type LoginCircumstances, type Vouched } from "../providers/vouched.ts";

const maximumLines = 100;
const maximumLineLength = 256;

export interface FormContext extends LoginCircumstances {
    readonly provider: IdentityProvider;
    readonly knownPostureRules: readonly string[];
}

/** Whom the form in a provider's place describes, or everything that is wrong with what was typed into it. */
export function readIdentity(form: URLSearchParams, context: FormContext): Identity | { readonly mistakes: string[] } {
    const { provider, knownPostureRules } = context;
    const mistakes: string[] = [];
    const country = textOf(form, "country").toUpperCase();
    const vouched = readVouched(form, provider, mistakes);
    if (country !== "" && !/^[A-Z]{2}$/.test(country)) {
        mistakes.push("Country: is not a code of two letters; write for example PT");
    }
    if (mistakes.length > 0) {
        return { mistakes };
    }
    return {
        ...identityOf(vouched, context),
        devicePosture: form.getAll("posture").filter((id) => knownPostureRules.includes(id)),
        ...(country === "" ? {} : { country }),
    };
}

/** What the provider would say of the person; what it never says is not read. */
function readVouched(form: URLSearchParams, provider: IdentityProvider, mistakes: string[]): Vouched {
    const standIn = standInFor(provider);
    const email = textOf(form, "email");
    if (!isEmailAddress(email)) {
        mistakes.push(
            "E-mail address: is not one that Access knows; write for example ann@example.com, in ASCII letters",
        );
    } else if (provider.type === "google-apps" && !isInDomain(email, provider.config.apps_domain)) {
        mistakes.push(`E-mail address: is not in ${provider.config.apps_domain}, whose people alone can log in here`);
    }
    if (provider.type === "onetimepin") {
        return { email, authMethods: ["otp"] };
    }
    const words = (name: string) => textOf(form, name).split(/\s+/).filter(isNotEmpty).slice(0, 20);
    return {
        email,
        name: textOf(form, "name"),
        groups: withParents(readGroups(form, provider, mistakes), provider.type),
        claims: standIn.hasClaims ? readClaims(form, claimsOf(provider), mistakes) : {},
        authMethods: standIn.hasAuthMethods ? words("amr") : [],
        authContexts: standIn.hasAuthContexts ? words("acrs") : [],
    };
}

function readGroups(form: URLSearchParams, provider: IdentityProvider, mistakes: string[]): string[] {
    const { groups } = standInFor(provider);
    return groups === undefined
        ? []
        : linesOf(form, "groups", mistakes).flatMap((line) => {
              const group = groups.normalise(line);
              if (group === undefined) {
                  mistakes.push(`${groups.label}: "${line.slice(0, 40)}" is none; write for example ${groups.example}`);
              }
              return group ?? [];
          });
}

function readClaims(form: URLSearchParams, known: readonly string[], mistakes: string[]): Record<string, string[]> {
    const claims = new Map<string, string[]>();
    for (const line of linesOf(form, "claims", mistakes)) {
        const equals = line.indexOf("=");
        const name = line.slice(0, Math.max(0, equals)).trim();
        if (name === "") {
            mistakes.push(`Claims: "${line.slice(0, 40)}" has no name and value; write for example department=it`);
        } else if (known.includes(name)) {
            claims.set(name, [...(claims.get(name) ?? []), line.slice(equals + 1).trim()]);
        } else {
            mistakes.push(`Claims: "${name.slice(0, 40)}" is not among the provider's "claims"; name it there first`);
        }
    }
    return Object.fromEntries(claims);
}

/** The claims that Access was told to ask the provider for. */
export function claimsOf({ config }: Pick<IdentityProvider, "config">): string[] {
    return Array.isArray(config.claims) ? config.claims.map(String) : [];
}

function linesOf(form: URLSearchParams, name: string, mistakes: string[]): string[] {
    const lines = textOf(form, name)
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter(isNotEmpty);
    if (lines.length > maximumLines || lines.some((line) => line.length > maximumLineLength)) {
        mistakes.push(`${name}: more than ${maximumLines} lines, or one of more than ${maximumLineLength} characters`);
    }
    return lines;
}

function isInDomain(email: string, domain: unknown): boolean {
    return email.toLowerCase().endsWith(`@${String(domain).toLowerCase()}`);
}

const textOf = (form: URLSearchParams, name: string): string => (form.get(name) ?? "").trim();

const isNotEmpty = (text: string): boolean => text !== "";
