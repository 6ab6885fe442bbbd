import type { Findings, People, SourceRoute } from "./source.ts";

/** What whoever imports has decided beforehand. */
export interface AudienceDecisions {
    /** Audiences by name, also for groups and policies that the source only names. */
    declared: ReadonlyMap<string, People>;
    /** Audience for what says nothing of people today; such a service stays shut without it. */
    fallback?: string | undefined;
}

/** What filling in left of a variable. */
const UNRESOLVED = /\$\{?[A-Za-z_]/;

/** The audiences of an import: those that were declared beforehand, and those that labels describe. */
export class Audiences {
    readonly #decisions: AudienceDecisions;
    /** By name; which of them end up in the stack file depends on who uses them. */
    readonly #known: Map<string, People>;

    constructor(decisions: AudienceDecisions) {
        this.#decisions = decisions;
        this.#known = new Map(decisions.declared);
    }

    /** The audiences that may enter a route; undefined, with a finding, where nobody has said it. */
    of({ hostname, who }: SourceRoute, findings: Findings): string[] | undefined {
        switch (who.kind) {
            case "people":
                if (UNRESOLVED.test(JSON.stringify(who.people))) {
                    findings.decide(`names people by a variable without a value; set it in the environment or in .env`);
                }
                return [this.#nameFor(who.name, who.people)];
            case "everybody":
                findings.decide(
                    `lets everybody in to "${hostname}"; put people in its place (sallyport.audience), or publish it by hand`,
                    who.label,
                );
                return undefined;
            case "named": {
                const unknown = who.names.filter((name) => !this.#decisions.declared.has(name));
                for (const name of unknown) {
                    findings.decide(
                        `does not say who is in "${name}"; say it with --audience ${name}=ada@example.com,@example.com`,
                        who.label,
                    );
                }
                return unknown.length > 0 || who.names.length === 0 ? undefined : [...who.names];
            }
            case "unsaid":
                if (this.#decisions.fallback !== undefined) return [this.#decisions.fallback];
                findings.decide(
                    `nothing says who may enter "${hostname}"; name an audience for all such services with --default-audience`,
                );
                return undefined;
        }
    }

    people(name: string): People {
        return this.#known.get(name) ?? {};
    }

    /** The same people are the same audience; others under a name that is taken get a number. */
    #nameFor(title: string, people: People): string {
        const content = JSON.stringify(people);
        const wanted = slug(title);
        for (let number = 1; ; number++) {
            const name = number === 1 ? wanted : `${wanted}-${number}`;
            const known = this.#known.get(name);
            if (known === undefined) this.#known.set(name, people);
            if (known === undefined || JSON.stringify(known) === content) return name;
        }
    }
}

function slug(title: string): string {
    const name = title
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-+|-+$/g, "");
    return name === "" ? "people" : name;
}

/** `ada@example.com,@example.org,203.0.113.0/24`: people, everybody of a domain, addresses. */
export function peopleFrom(entries: readonly string[]): People {
    const emails = entries.filter((entry) => /^[^@]+@/.test(entry));
    const emailDomains = entries.filter((entry) => entry.startsWith("@")).map((entry) => entry.slice(1));
    const ipRanges = entries.filter((entry) => !entry.includes("@"));
    return Object.fromEntries(Object.entries({ emails, emailDomains, ipRanges }).filter(([, list]) => list.length > 0));
}
