import { blankProblem } from "../../../validation/index.ts";
import { MIDDLEWARE_KINDS, OWN_MIDDLEWARES, type ProxyMiddleware } from "../middlewares.ts";
import { wholeNumberProblem } from "./names.ts";

/** A day: nobody counts requests over more. */
const LONGEST_PERIOD_SECONDS = 86_400;

/** Two years: what lists of preloaded host names ask for (hstspreload.org). */
const LONGEST_STS_SECONDS = 63_072_000;

/** `type/subtype` (RFC 9110 section 8.3.1), without parameters. */
const CONTENT_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;

/** Says that a middleware is of no kind or of several, or nothing. */
export function kindProblem(middleware: Omit<ProxyMiddleware, "name">): string | undefined {
    const kinds = MIDDLEWARE_KINDS.filter((kind) => middleware[kind] !== undefined);
    if (kinds.length === 1) return undefined;
    if (kinds.length === 0) return `is of no kind. Write one of ${MIDDLEWARE_KINDS.join(", ")}.`;
    return `is ${kinds.join(" and ")} at once. Write a middleware for each.`;
}

/** Says that a middleware is called like the proxy's own, or nothing. */
export function ownNameProblem(name: string): string | undefined {
    return OWN_MIDDLEWARES.includes(name) ? `${JSON.stringify(name)} is the proxy's own. Write another.` : undefined;
}

/** A line end would start another header. The value is not quoted: it may be nobody's business. */
export function headerValueProblem(value: string): string | undefined {
    return /[\r\n]/.test(value) ? "holds a line end. Write it on one line." : blankProblem(value);
}

/** Says what is wrong with the time for which browsers speak HTTPS alone, or nothing. */
export function stsSecondsProblem(seconds: number): string | undefined {
    return wholeNumberProblem(seconds, 0, LONGEST_STS_SECONDS);
}

/** Says that names below a host name are meant by something that is not there, or nothing. */
export function stsSubdomainsProblem(subdomains: boolean | undefined, seconds: number | undefined): string | undefined {
    const isAlone = subdomains === true && seconds === undefined;
    return isAlone ? 'has no meaning without "stsSeconds". Write how long it holds.' : undefined;
}

/** Says what is wrong with a number of requests, or nothing. */
export function requestsProblem(requests: number): string | undefined {
    return wholeNumberProblem(requests, 1);
}

/** Says what is wrong with the period over which requests are counted, or nothing. */
export function periodProblem(seconds: number): string | undefined {
    return wholeNumberProblem(seconds, 1, LONGEST_PERIOD_SECONDS);
}

/** Says what is wrong with the length of answers that are left as they are, or nothing. */
export function minBytesProblem(bytes: number): string | undefined {
    return wholeNumberProblem(bytes, 0);
}

/** Says that a list of ranges lets nobody in, or nothing. */
export function rangesProblem(ranges: readonly string[]): string | undefined {
    return ranges.length === 0 ? 'is empty. Write the ranges that may come, such as "10.0.0.0/24".' : undefined;
}

/** Says what is wrong with a content type, or nothing. */
export function contentTypeProblem(type: string): string | undefined {
    if (CONTENT_TYPE.test(type)) return undefined;
    return `${JSON.stringify(type)} is not a content type. Write one such as "text/event-stream".`;
}
