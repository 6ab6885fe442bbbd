import { z } from "zod";
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
} from "../../components/proxy/traefik/validation/middlewareValues.ts";
import { headerNameProblem } from "../../components/proxy/traefik/validation/names.ts";
import type { LabelMiddleware } from "../../components/swarm/labelRules.ts";
import { ipRangeProblem } from "../../components/validation/index.ts";
import { identifier, text } from "./text.ts";

/** What requests may be sent through, by the name that labels choose it by. */
export type MiddlewaresConfig = Record<string, Omit<LabelMiddleware, "name">>;

const headerValues = z.record(text(headerNameProblem), text(headerValueProblem)).exactOptional();
const policy = text(headerValueProblem).exactOptional();

const headers = z
    .strictObject({
        request: headerValues,
        response: headerValues,
        stsSeconds: number(stsSecondsProblem).exactOptional(),
        stsIncludeSubdomains: z.boolean().exactOptional(),
        frameDeny: z.boolean().exactOptional(),
        contentTypeNosniff: z.boolean().exactOptional(),
        contentSecurityPolicy: policy,
        referrerPolicy: policy,
        permissionsPolicy: policy,
    })
    .superRefine(({ stsIncludeSubdomains, stsSeconds }, context) => {
        const reason = stsSubdomainsProblem(stsIncludeSubdomains, stsSeconds);
        if (reason !== undefined) context.addIssue({ code: "custom", path: ["stsIncludeSubdomains"], message: reason });
    });

const kinds = {
    headers: headers.exactOptional(),
    rateLimit: z
        .strictObject({
            average: number(requestsProblem),
            periodSeconds: number(periodProblem).exactOptional(),
            burst: number(requestsProblem).exactOptional(),
        })
        .exactOptional(),
    compress: z
        .strictObject({
            minBytes: number(minBytesProblem).exactOptional(),
            excludedContentTypes: z.array(text(contentTypeProblem)).exactOptional(),
        })
        .exactOptional(),
    ipAllowList: z.strictObject({ ranges: checked(z.array(text(ipRangeProblem)), rangesProblem) }).exactOptional(),
};

const name = identifier.superRefine((value, context) => {
    const reason = ownNameProblem(value);
    if (reason !== undefined) context.addIssue({ code: "custom", message: reason });
});

/** The same as zod checks it, with the sentences of the proxy itself. */
export const middlewares = z.record(name, checked(z.strictObject(kinds), kindProblem));

/** The same as a program wrote it for the small stack of a labelled service. */
export const namedMiddlewares = z.array(z.strictObject({ name, ...kinds }));

/** The middlewares in the form that components take. */
export function middlewaresOf(config: MiddlewaresConfig): LabelMiddleware[] {
    return Object.entries(config).map(([key, kind]) => ({ name: key, ...kind }));
}

function number(problemOf: (value: number) => string | undefined) {
    return checked(z.number(), problemOf);
}

function checked<T extends z.ZodType>(schema: T, problemOf: (value: z.output<T>) => string | undefined) {
    return schema.superRefine((value, context) => {
        const reason = problemOf(value);
        if (reason !== undefined) context.addIssue({ code: "custom", message: reason });
    });
}
