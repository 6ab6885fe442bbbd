import { type Problems, plain } from "../../../internal/problems.ts";
import { blankProblem, certificateProblem, ipRangeProblem } from "../../../validation/index.ts";
import {
    MIDDLEWARE_KINDS,
    type MiddlewareKind,
    type ProxyForwardAuth,
    type ProxyHeaders,
    type ProxyMiddleware,
    type ProxyRateLimit,
    VISITOR_HEADERS,
} from "../middlewares.ts";
import type { ProxySettings } from "../settings.ts";
import { checkNames, endpointProblem, headerNameProblem, needlessAuthority, wholeNumberProblem } from "./names.ts";

/** A day: nobody counts requests over more. */
const LONGEST_PERIOD_SECONDS = 86_400;

/** Two years: what lists of preloaded host names ask for (hstspreload.org). */
const LONGEST_STS_SECONDS = 63_072_000;

/** `type/subtype` (RFC 9110 section 8.3.1), without parameters. */
const CONTENT_TYPE = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/;

/** Checks the middlewares of a proxy. */
export function checkMiddlewares(problems: Problems, { middlewares = [] }: ProxySettings): void {
    checkNames(problems, "middlewares", middlewares, "a middleware's name");
    for (const [index, middleware] of middlewares.entries()) {
        const path = `middlewares[${index}]`;
        if (middleware.name === VISITOR_HEADERS) {
            problems.add(`${path}.name`, `${JSON.stringify(VISITOR_HEADERS)} is the proxy's own. Write another.`);
        }
        problems.add(path, kindProblem(middleware));
        const { headers, rateLimit, compress, ipAllowList, forwardAuth } = middleware;
        if (headers !== undefined) checkHeaders(problems, `${path}.headers`, headers);
        if (rateLimit !== undefined) checkRateLimit(problems, `${path}.rateLimit`, rateLimit);
        problems.check(`${path}.compress.minBytes`, compress?.minBytes, (bytes) => wholeNumberProblem(bytes, 0));
        problems.checkEach(`${path}.compress.excludedContentTypes`, compress?.excludedContentTypes, contentTypeProblem);
        if (ipAllowList?.ranges.length === 0) {
            problems.add(
                `${path}.ipAllowList.ranges`,
                'is empty. Write the ranges that may come, such as "10.0.0.0/24".',
            );
        }
        problems.checkEach(`${path}.ipAllowList.ranges`, ipAllowList?.ranges, ipRangeProblem);
        if (forwardAuth !== undefined) checkForwardAuth(problems, `${path}.forwardAuth`, forwardAuth);
    }
}

/** The kinds that a middleware is of; one, if it is right. */
function kindsOf(middleware: ProxyMiddleware): MiddlewareKind[] {
    return MIDDLEWARE_KINDS.filter((kind) => middleware[kind] !== undefined);
}

function kindProblem(middleware: ProxyMiddleware): string | undefined {
    const kinds = kindsOf(middleware);
    if (kinds.length === 1) return undefined;
    if (kinds.length === 0) return `is of no kind. Write one of ${MIDDLEWARE_KINDS.join(", ")}.`;
    return `is ${kinds.join(" and ")} at once. Write a middleware for each.`;
}

function checkHeaders(problems: Problems, path: string, headers: ProxyHeaders): void {
    for (const side of ["request", "response"] as const) {
        for (const [name, value] of Object.entries(headers[side] ?? {})) {
            problems.add(`${path}.${side}.${name}`, headerNameProblem(name) ?? headerValueProblem(plain(value)));
        }
    }
    problems.check(`${path}.stsSeconds`, headers.stsSeconds, (seconds) =>
        wholeNumberProblem(seconds, 0, LONGEST_STS_SECONDS),
    );
    if (headers.stsIncludeSubdomains === true && headers.stsSeconds === undefined) {
        problems.add(`${path}.stsIncludeSubdomains`, 'has no meaning without "stsSeconds". Write how long it holds.');
    }
    for (const policy of ["contentSecurityPolicy", "referrerPolicy", "permissionsPolicy"] as const) {
        problems.check(`${path}.${policy}`, headers[policy], headerValueProblem);
    }
}

/** A line end would start another header. The value is not quoted: it may be nobody's business. */
function headerValueProblem(value: string | undefined): string | undefined {
    if (value === undefined) return undefined;
    return /[\r\n]/.test(value) ? "holds a line end. Write it on one line." : blankProblem(value);
}

function checkRateLimit(problems: Problems, path: string, { average, periodSeconds, burst }: ProxyRateLimit): void {
    problems.check(`${path}.average`, average, (requests) => wholeNumberProblem(requests, 1));
    problems.check(`${path}.periodSeconds`, periodSeconds, (seconds) =>
        wholeNumberProblem(seconds, 1, LONGEST_PERIOD_SECONDS),
    );
    problems.check(`${path}.burst`, burst, (requests) => wholeNumberProblem(requests, 1));
}

function checkForwardAuth(problems: Problems, path: string, settings: ProxyForwardAuth): void {
    const { address, caPem, requestHeaders, responseHeaders } = settings;
    problems.check(`${path}.address`, address, endpointProblem);
    problems.check(`${path}.caPem`, caPem, certificateProblem);
    if (caPem !== undefined) problems.add(`${path}.caPem`, needlessAuthority(plain(address)));
    // Traefik takes an empty list for all headers, cookies among them.
    if (requestHeaders?.length === 0) {
        problems.add(
            `${path}.requestHeaders`,
            "is empty, which is every header to Traefik. Name the ones that it needs.",
        );
    }
    problems.checkEach(`${path}.requestHeaders`, requestHeaders, headerNameProblem);
    problems.checkEach(`${path}.responseHeaders`, responseHeaders, headerNameProblem);
}

function contentTypeProblem(type: string): string | undefined {
    if (CONTENT_TYPE.test(type)) return undefined;
    return `${JSON.stringify(type)} is not a content type. Write one such as "text/event-stream".`;
}
