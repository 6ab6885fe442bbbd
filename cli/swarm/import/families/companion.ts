import { commaList, type Findings, type SourceService } from "../source.ts";

const IMAGE = /traefik-cloudflare-companion/;

/** Which names tiredofit's traefik-cloudflare-companion gives to Cloudflare: those below its domains (its README, Cloudflare Options). */
export class Companion {
    /** Domains in the order of their numbers, the first of which is the likely zone. */
    readonly domains: readonly string[];
    readonly #excluded: readonly string[];

    /** Undefined where it is not among the services. */
    static among(services: readonly SourceService[]): Companion | undefined {
        const service = services.find(({ image }) => IMAGE.test(image));
        return service === undefined ? undefined : new Companion(service);
    }

    private constructor({ environment, resolve }: SourceService) {
        const value = (name: string) => resolve(environment[name] ?? "") ?? "";
        const numbers = Object.keys(environment).flatMap((name) => /^DOMAIN(\d+)$/.exec(name)?.[1] ?? []);
        const sorted = numbers.toSorted((a, b) => Number(a) - Number(b));
        this.domains = sorted.map((number) => value(`DOMAIN${number}`)).filter((domain) => domain !== "");
        this.#excluded = sorted.flatMap((number) =>
            commaList(value(`DOMAIN${number}_EXCLUDED_SUB_DOMAINS`)).map((sub) => `${sub}.${value(`DOMAIN${number}`)}`),
        );
    }

    /** Whether a host name has a record today. */
    publishes(hostname: string, service: SourceService, findings: Findings): boolean {
        const name = service.resolve(hostname);
        const below = (domain: string) => name === domain || name?.endsWith(`.${domain}`) === true;
        if (name === undefined || this.domains.length === 0) return true;
        if (this.domains.some(below) && !this.#excluded.some(below)) return true;
        findings.note(`"${name}" has no record today, because the companion's domains leave it out; it stays so`);
        return false;
    }
}
