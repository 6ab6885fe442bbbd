import { z } from "zod";
import { ApiError, type ErrorDetail } from "./apiError.ts";

/** How a product words a mistake in a request: one entry of `errors` for each wrong value. */
export type InvalidRequest = (mistakes: readonly Mistake[]) => ApiError;

/** One wrong value in a request body. */
export interface Mistake {
    /** Where the value stands, for example `config.ingress.0.service`; empty for the body itself. */
    readonly path: string;
    /** The same place as a JSON pointer (RFC 6901). */
    readonly pointer: string;
    readonly message: string;
}

/** A Go duration such as `24h`, `30m` or `1h30m`, the only form of duration that the API takes. */
export const goDuration = z
    .string()
    .regex(
        /^(0|[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h))+)$/,
        "is not a duration; write a number and a unit (ns, us, ms, s, m, h), for example 24h or 1h30m",
    );

/** The general refusal. The code 10001 is not verified for every product; the pointer is as the API documents it. */
export const invalidRequest: InvalidRequest = (mistakes) =>
    new ApiError(
        400,
        mistakes.map((mistake): ErrorDetail => withPointer({ code: 10001, message: worded(mistake) }, mistake)),
    );

/**
 * Checks a value and gives it back typed.
 *
 * @throws ApiError with every mistake at once, worded by `invalid`.
 */
export function parse<Schema extends z.ZodType>(
    schema: Schema,
    value: unknown,
    invalid: InvalidRequest = invalidRequest,
): z.infer<Schema> {
    const parsed = schema.safeParse(value);
    if (parsed.success) {
        return parsed.data;
    }
    throw invalid(parsed.error.issues.flatMap(mistakesOf));
}

/** The mistake with its place in front, as one sentence. */
export function worded({ path, message }: Mistake): string {
    return path === "" ? message : `${path}: ${message}`;
}

/** Adds the pointer that says where in the body the mistake is; the body as a whole has none. */
export function withPointer(detail: ErrorDetail, { pointer }: Mistake): ErrorDetail {
    return pointer === "" ? detail : { ...detail, source: { pointer } };
}

/** A mistake found outside a schema, in the value at `path`. */
export function mistakeAt(path: readonly PropertyKey[], message: string): Mistake {
    const keys = path.map(String);
    const escaped = keys.map((key) => key.replaceAll("~", "~0").replaceAll("/", "~1"));
    return { path: keys.join("."), pointer: escaped.map((key) => `/${key}`).join(""), message };
}

function mistakesOf(issue: z.core.$ZodIssue): Mistake[] {
    if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => mistakeAt([...issue.path, key], "is not a property that the API knows"));
    }
    return [mistakeAt(issue.path, issue.message)];
}
