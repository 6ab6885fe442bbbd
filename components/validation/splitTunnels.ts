import { hostnameProblem } from "./hostnames.ts";
import { ipRangeProblem, normaliseIpRange } from "./people.ts";
import { repeatedProblem } from "./repeated.ts";

/** What a device profile says, as far as it can be judged by itself. */
export interface SplitTunnels {
    precedence: number;
    include?: readonly string[] | undefined;
    exclude?: readonly string[] | undefined;
}

interface PathProblem {
    path: string;
    reason: string;
}

/** Every mistake in a profile's place and its two lists, by path. */
export function splitTunnelProblems({ precedence, include, exclude }: SplitTunnels): PathProblem[] {
    const isPlace = Number.isSafeInteger(precedence) && precedence >= 1;
    return [
        ...at("precedence", isPlace ? undefined : `${precedence} is not a place. Write a whole number from 1 on.`),
        ...at(
            "exclude",
            include !== undefined && exclude !== undefined
                ? 'contradicts "include": a profile has one of the two lists. Leave one of them out.'
                : undefined,
        ),
        ...listProblems("include", include),
        ...listProblems("exclude", exclude),
    ];
}

/** Says what is wrong with the expression that tells whose devices a profile is for, or nothing. Cloudflare alone reads it. */
export function deviceMatchProblem(match: string): string | undefined {
    return match.trim() === "" ? "is empty. Write whose devices, or leave the default profile as it is." : undefined;
}

/** Whether a destination of a split tunnel is a range of addresses rather than a host name. */
export function isIpRange(destination: string): boolean {
    return ipRangeProblem(destination) === undefined;
}

/** One way to write a destination, so that two ways of writing it are the same. */
export function normaliseDestination(destination: string): string {
    return isIpRange(destination) ? normaliseIpRange(destination) : destination;
}

function listProblems(path: string, list: readonly string[] | undefined): PathProblem[] {
    if (list === undefined) return [];
    const written = list.map(normaliseDestination);
    return [
        ...at(
            path,
            list.length === 0 ? "is empty. Write at least one range or host name, or leave it out." : undefined,
        ),
        ...list.flatMap((destination, index) =>
            at(`${path}[${index}]`, destinationProblem(destination) ?? repeatedProblem(written, index, path)),
        ),
    ];
}

function destinationProblem(destination: string): string | undefined {
    return /[/:]|^[\d.]+$/.test(destination) ? ipRangeProblem(destination) : hostnameProblem(destination);
}

function at(path: string, reason: string | undefined): PathProblem[] {
    return reason === undefined ? [] : [{ path, reason }];
}
