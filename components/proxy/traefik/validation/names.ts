import type { Problems } from "../../../internal/problems.ts";
import { dnsNameProblem } from "../../../validation/index.ts";

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** A header's name: a token of RFC 9110 section 5.6.2. */
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Says what is wrong with a name inside Traefik's configuration, or nothing. @param what Such as "a route's name". */
export function nameProblem(name: string, what: string): string | undefined {
    if (NAME.test(name)) return undefined;
    return `${JSON.stringify(name)} is not ${what}. Write 1 to 40 lower-case letters, digits and inner hyphens.`;
}

/** Checks the names of a list: each is one, none stands twice. */
export function checkNames(problems: Problems, path: string, list: readonly { name: string }[], what: string): void {
    const firstOf = new Map<string, number>();
    for (const [index, { name }] of list.entries()) {
        problems.add(`${path}[${index}].name`, nameProblem(name, what));
        const first = firstOf.get(name);
        if (first === undefined) firstOf.set(name, index);
        else {
            const reason = `${JSON.stringify(name)} is the name of ${path}[${first}] already. Write another.`;
            problems.add(`${path}[${index}].name`, reason);
        }
    }
}

/** Says what is wrong with the name of a header, or nothing. */
export function headerNameProblem(name: string): string | undefined {
    if (HEADER.test(name)) return undefined;
    return `${JSON.stringify(name)} is not the name of a header. Write letters, digits and hyphens, such as "X-Team".`;
}

/** Says what is wrong with the address of a service that the proxy itself asks, or nothing. */
export function endpointProblem(url: string): string | undefined {
    const quoted = JSON.stringify(url);
    const parsed = URL.parse(url);
    const fits = parsed !== null && ["http:", "https:"].includes(parsed.protocol) && parsed.host !== "";
    if (!fits || /\s/.test(url))
        return `${quoted} is not a web address. Write one such as "https://verifier:8443/verify".`;
    if (parsed.username !== "" || parsed.password !== "") return "holds credentials. Write the address without them.";
    return undefined;
}

/** Says that an authority stands beside an address that is not TLS, or nothing. */
export function needlessAuthority(url: string | undefined): string | undefined {
    if (url === undefined || !url.startsWith("http:")) return undefined;
    return `has no meaning for ${JSON.stringify(url)}, which is not TLS. Leave it out.`;
}

/** Says what is wrong with the name under which a proxy answers on its networks, or nothing. */
export function aliasProblem(alias: string): string | undefined {
    return alias.startsWith("*") ? `${JSON.stringify(alias)} is a wildcard. Write one name.` : dnsNameProblem(alias);
}

/** Says that a number is not whole or not in its range, or nothing. @param most No upper bound if omitted. */
export function wholeNumberProblem(value: number, least: number, most?: number): string | undefined {
    if (Number.isInteger(value) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)) return undefined;
    const range = most === undefined ? `from ${least} on` : `between ${least} and ${most}`;
    return `${value} does not fit. Write a whole number ${range}.`;
}
