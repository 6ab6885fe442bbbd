import { type Problems, plain } from "../../../internal/problems.ts";
import { certificateProblem, ipRangeProblem } from "../../../validation/index.ts";
import type { ProxyForwardAuth, ProxyHeaders, ProxyRateLimit } from "../middlewares.ts";
import type { ProxySettings } from "../settings.ts";
import {
    contentTypeProblem,
    headerValueProblem,
    kindProblem,
    minBytesProblem,
    ownNameProblem,
    periodProblem,
    rangesProblem,
    requestsProblem,
    stsSecondsProblem,
    stsSubdomainsProblem,
} from "./middlewareValues.ts";
import { checkNames, endpointProblem, headerNameProblem, needlessAuthority } from "./names.ts";

/** Checks the middlewares of a proxy. @param prefix path before that of each. */
export function checkMiddlewares(
    problems: Problems,
    { middlewares = [] }: Pick<ProxySettings, "middlewares">,
    prefix = "",
): void {
    checkNames(problems, `${prefix}middlewares`, middlewares, "a middleware's name");
    for (const [index, middleware] of middlewares.entries()) {
        const path = `${prefix}middlewares[${index}]`;
        problems.add(`${path}.name`, ownNameProblem(middleware.name));
        problems.add(path, kindProblem(middleware));
        const { headers, rateLimit, compress, ipAllowList, forwardAuth } = middleware;
        if (headers !== undefined) checkHeaders(problems, `${path}.headers`, headers);
        if (rateLimit !== undefined) checkRateLimit(problems, `${path}.rateLimit`, rateLimit);
        problems.check(`${path}.compress.minBytes`, compress?.minBytes, minBytesProblem);
        problems.checkEach(`${path}.compress.excludedContentTypes`, compress?.excludedContentTypes, contentTypeProblem);
        problems.check(`${path}.ipAllowList.ranges`, ipAllowList?.ranges, rangesProblem);
        problems.checkEach(`${path}.ipAllowList.ranges`, ipAllowList?.ranges, ipRangeProblem);
        if (forwardAuth !== undefined) checkForwardAuth(problems, `${path}.forwardAuth`, forwardAuth);
    }
}

function checkHeaders(problems: Problems, path: string, headers: ProxyHeaders): void {
    for (const side of ["request", "response"] as const) {
        for (const [name, value] of Object.entries(headers[side] ?? {})) {
            const known = plain(value);
            const reason = headerNameProblem(name) ?? (known === undefined ? undefined : headerValueProblem(known));
            problems.add(`${path}.${side}.${name}`, reason);
        }
    }
    const { stsSeconds, stsIncludeSubdomains } = headers;
    problems.check(`${path}.stsSeconds`, stsSeconds, stsSecondsProblem);
    problems.add(`${path}.stsIncludeSubdomains`, stsSubdomainsProblem(stsIncludeSubdomains, stsSeconds));
    for (const policy of ["contentSecurityPolicy", "referrerPolicy", "permissionsPolicy"] as const) {
        problems.check(`${path}.${policy}`, headers[policy], headerValueProblem);
    }
}

function checkRateLimit(problems: Problems, path: string, { average, periodSeconds, burst }: ProxyRateLimit): void {
    problems.check(`${path}.average`, average, requestsProblem);
    problems.check(`${path}.periodSeconds`, periodSeconds, periodProblem);
    problems.check(`${path}.burst`, burst, requestsProblem);
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
