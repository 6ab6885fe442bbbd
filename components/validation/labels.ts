import { hostnameProblem } from "./hostnames.ts";

/** A pattern may have one `*`, which stands for at least one character of one label. */
const ONE_STAR = /^[^*]*\*?[^*]*$/;

/**
 * Says what is wrong with a pattern of the host names that labels may claim, or nothing: a host name, in whose first label one `*` may stand
 * for at least one letter, digit or hyphen (`*.example.com`, `*-dev.example.com`). It never stands for a dot, so a pattern is as deep as it looks.
 */
export function hostnamePatternProblem(pattern: string, zone?: string): string | undefined {
    if (!ONE_STAR.test(pattern)) return `${JSON.stringify(pattern)} has more than one "*". Write one at most.`;
    if (pattern.indexOf("*") > pattern.indexOf(".")) {
        return `${JSON.stringify(pattern)} has "*" beyond its first label. Write it into the first one, such as "*-dev.example.com".`;
    }
    return hostnameProblem(pattern.replace("*", "app"), { wildcard: false, ...(zone === undefined ? {} : { zone }) });
}

/** Whether a host name, already checked, is one of those that a pattern stands for. */
export function matchesHostnamePattern(hostname: string, pattern: string): boolean {
    return patternExpression(pattern, "[a-z0-9-]+").test(hostname);
}

/** Says what is wrong with a pattern of names of Swarm services, in which `*` stands for any characters (`shop_*`), or nothing. */
export function servicePatternProblem(pattern: string): string | undefined {
    return /^[A-Za-z0-9*]([A-Za-z0-9_*-]*[A-Za-z0-9*])?$/.test(pattern)
        ? undefined
        : `${JSON.stringify(pattern)} is no pattern of service names. Write letters, digits, inner _ and -, and "*" for any of them, such as "shop_*".`;
}

/** Whether the name of a service is one of those that a pattern stands for. */
export function matchesServicePattern(name: string, pattern: string): boolean {
    return patternExpression(pattern, "[A-Za-z0-9_-]*").test(name);
}

/** Names of Swarm services (moby/swarmkit, `manager/controlapi/service.go`), at most 63 characters. */
const SERVICE_NAME = /^[A-Za-z0-9]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?$/;

/** Says what is wrong with the name of a Swarm service, or nothing. */
export function swarmServiceNameProblem(name: string): string | undefined {
    return SERVICE_NAME.test(name)
        ? undefined
        : "is no name of a Swarm service. Write 1 to 63 letters, digits and inner _ and -.";
}

function patternExpression(pattern: string, star: string): RegExp {
    const parts = pattern.split("*").map((part) => part.replaceAll(".", "\\."));
    return new RegExp(`^${parts.join(star)}$`);
}
